import { Box, Text } from "ink";
import { Lines } from "../components/lines.tsx";
import type { RunState } from "../state/state.ts";
import { type Theme, widths } from "../theme.ts";
import { logView } from "../views/log-lines.ts";
import { verdictView } from "../views/verdict-lines.ts";

/** What stays on the terminal when the screen is gone: each finished line once, then how the run ended. */
export function LeftBehind({ state, columns, theme }: { state: RunState; columns: number; theme: Theme }) {
  const width = Math.max(1, columns - 2 * widths.margin);
  const log = logView(state.log, state.cwd, width).body;
  const end = state.end ? verdictView(state, state.end, width).body : [];
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns}>
      <Lines lines={log} width={width} theme={theme} />
      {log.length > 0 && end.length > 0 && <Text> </Text>}
      <Lines lines={end} width={width} theme={theme} />
    </Box>
  );
}
