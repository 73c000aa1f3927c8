import { Box, Text } from "ink";
import { formatBytes } from "../../src/format.ts";
import { joinFacts } from "../facts.ts";
import { displayPath, formatAbout, formatClock } from "../format.ts";
import type { RunState } from "../state/state.ts";
import { timeLeft } from "../state/time-left.ts";
import type { Theme } from "../theme.ts";

/** Name, time spent and time left, memory, and on a second row the run's folder and the device. */
export function Header(props: { state: RunState; width: number; rows: number; theme: Theme }) {
  const { state, width, rows, theme } = props;
  const { nowMs, startMs, memoryBytes, peakMemoryBytes } = state;
  const left = timeLeft(state);
  const facts = [
    formatClock(nowMs - startMs),
    ...(left === null ? [] : [`${formatAbout(left)} left`]),
    ...(memoryBytes > 0 ? [formatBytes(memoryBytes)] : []),
    ...(peakMemoryBytes > 0 ? [`peak ${formatBytes(peakMemoryBytes)}`] : []),
  ];
  // The title needs a little room; then come time, time left and memory, as far as they fit.
  const room = Math.max(10, width - Math.min(16, "zebra ".length + state.title.length) - 2);
  return (
    <Box flexDirection="column" width={width}>
      <Box justifyContent="space-between" columnGap={2}>
        <Text wrap="truncate-end">
          <Text {...theme.brand}>zebra</Text> <Text {...theme.strong}>{state.title}</Text>
        </Text>
        <Box flexShrink={0}>
          <Text>{joinFacts(facts, room)}</Text>
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
