import { Box, Text } from "ink";
import { plotLoss } from "../plot/loss-plot.ts";
import type { Training } from "../state/training.ts";
import { glyphs, type Theme, widths } from "../theme.ts";

/** The loss of training and validation over the steps. The first row is the legend. */
export function LossChart(props: { training: Training; width: number; rows: number; theme: Theme }) {
  const { training, width, rows, theme } = props;
  const { train, smoothed, validation, last } = training;
  const plot = plotLoss({
    train,
    smoothed,
    validation,
    totalSteps: last?.totalSteps ?? 0,
    width: Math.min(width, widths.chart),
    height: rows - 1,
  });
  if (!plot) return <Box width={width} height={rows} />;
  return (
    <Box flexDirection="column" width={width} height={rows}>
      <Text wrap="truncate-end">
        <Text {...theme.strong}>loss</Text>
        <Text {...theme.muted}> nats per token{"   "}</Text>
        <Text {...theme.train}>{glyphs.train}</Text> train, smoothed{"   "}
        <Text {...theme.raw}>{glyphs.raw}</Text> each step{"   "}
        {validation.buckets.length > 0 && (
          <Text>
            <Text {...theme.validation}>{glyphs.validation}</Text> validation
          </Text>
        )}
      </Text>
      {plot.rows.map(({ y, label, runs }) => (
        <Text key={y} wrap="truncate-end">
          <Text {...theme.muted}>{label}</Text>
          {runs.map(({ x, kind, text }) => (
            <Text key={x} {...theme[kind]}>
              {text}
            </Text>
          ))}
        </Text>
      ))}
      <Text wrap="truncate-end" {...theme.muted}>
        {plot.axis}
      </Text>
      <Text wrap="truncate-end" {...theme.muted}>
        {plot.axisLabels}
      </Text>
    </Box>
  );
}
