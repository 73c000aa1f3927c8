import { Box, Text } from "ink";
import { formatBytes } from "../../src/format.ts";
import { displayPath, formatClock } from "../format.ts";
import type { RunState } from "../state/state.ts";
import { glyphs, type Theme } from "../theme.ts";

/** Name, elapsed time and memory, and on a second row the run's folder and the device. */
export function Header(props: { state: RunState; width: number; rows: number; theme: Theme }) {
  const { state, width, rows, theme } = props;
  const { nowMs, startMs, memoryBytes, peakMemoryBytes } = state;
  const memory = memoryBytes > 0 ? [formatBytes(memoryBytes)] : [];
  const peak = width >= 60 && peakMemoryBytes > 0 ? [`peak ${formatBytes(peakMemoryBytes)}`] : [];
  const facts = [formatClock(nowMs - startMs), ...memory, ...peak].join(glyphs.separator);
  return (
    <Box flexDirection="column" width={width}>
      <Box justifyContent="space-between" columnGap={2}>
        <Text wrap="truncate-end">
          <Text {...theme.brand}>zebra</Text> <Text {...theme.strong}>{state.title}</Text>
        </Text>
        <Box flexShrink={0}>
          <Text>{facts}</Text>
        </Box>
      </Box>
      {rows > 1 && (
        <Box justifyContent="space-between" columnGap={2}>
          <Text wrap="truncate-middle" {...theme.muted}>
            {displayPath(state.runDir, state.cwd) || " "}
          </Text>
          <Box flexShrink={0}>
            <Text {...theme.muted}>{state.device}</Text>
          </Box>
        </Box>
      )}
    </Box>
  );
}
