import { Box, Text } from "ink";
import { formatBytes, formatCount, formatValue } from "../../src/format.ts";
import { meanOf } from "../state/smooth.ts";
import type { Training } from "../state/training.ts";
import type { Theme } from "../theme.ts";

const nameWidth = 11;
const cellWidth = 25;

/** How many rows all the numbers need at this width. */
export function statsRows(width: number): number {
  return Math.ceil(10 / columnsAt(width));
}

/** The numbers of the training in a grid, the most important first. Each keeps its place while it changes. */
export function TrainingStats(props: { training: Training; width: number; rows: number; theme: Theme }) {
  const { training, width, rows, theme } = props;
  const columns = columnsAt(width);
  const cells = statsOf(training).slice(0, columns * rows);
  const cell = Math.floor(width / columns);
  return (
    <Box flexDirection="column" width={width} height={rows}>
      {Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns)).map(
        (line, y) => (
          <Box key={y} height={1}>
            {line.map(([name, value]) => (
              <Box key={name} width={cell} flexShrink={0}>
                <Text wrap="truncate-end">
                  <Text {...theme.muted}>{name.padEnd(nameWidth)}</Text>
                  {value}
                </Text>
              </Box>
            ))}
          </Box>
        ),
      )}
    </Box>
  );
}

function columnsAt(width: number): number {
  return Math.max(1, Math.min(5, Math.floor(width / cellWidth)));
}

function statsOf(training: Training): [name: string, value: string][] {
  const { last, lastValidation, checkpointStep } = training;
  if (!last) return [];
  const mean = meanOf(training.smooth);
  const { lossNatsPerToken, gradNorm, lr, tokens, supervisedTokens, tokensPerSecond, memoryBytes } = last;
  return [
    ["loss", mean === null ? formatValue(lossNatsPerToken) : formatValue(mean)],
    ["validation", lastValidation ? formatValue(lastValidation.lossNatsPerToken) : "not yet"],
    ["speed", `${formatCount(tokensPerSecond)} tok/s`],
    ["this step", formatValue(lossNatsPerToken)],
    ["lr", lr.toExponential(2)],
    ["grad norm", formatValue(gradNorm)],
    ["memory", formatBytes(memoryBytes)],
    ["tokens", `${formatCount(tokens)} a step`],
    ["supervised", `${formatCount(supervisedTokens)} of them`],
    ["checkpoint", checkpointStep === null ? "not yet" : `step ${formatCount(checkpointStep)}`],
  ];
}
