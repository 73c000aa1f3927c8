import { Box } from "ink";
import type { Training } from "../state/training.ts";
import { heights, type Theme } from "../theme.ts";
import { sourceLines } from "../views/source-lines.ts";
import { Lines } from "./lines.tsx";
import { LossChart } from "./loss-chart.tsx";
import { statsRows, TrainingStats } from "./training-stats.tsx";

/** The whole training: the curve as high as there is room, its numbers, the loss of every dataset. */
export function LossPanel(props: { training: Training; width: number; rows: number; theme: Theme }) {
  const { training, width, rows, theme } = props;
  const sources = sourceLines(training, width).slice(0, Math.max(0, rows - 2));
  const stats = Math.min(statsRows(width), Math.max(0, rows - sources.length - heights.chartMin));
  const chart = Math.min(heights.chartMax, rows - sources.length - stats);
  return (
    <Box flexDirection="column" width={width}>
      {chart > 3 && <LossChart training={training} width={width} rows={chart} theme={theme} />}
      {stats > 0 && <TrainingStats training={training} width={width} rows={stats} theme={theme} />}
      <Lines lines={sources} width={width} theme={theme} />
    </Box>
  );
}
