import {
  type LongbenchRow,
  longbenchMetrics,
  longbenchScore,
  longbenchScoreByLength,
} from "../../src/harness/text-metrics/longbench/dataset-score.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, readOracle } from "./read-oracle.ts";

interface File {
  rows: {
    metric: keyof typeof longbenchMetrics;
    prediction: string;
    reference: string;
    all_classes?: string[];
    score: number;
  }[];
  datasets: {
    dataset: string;
    rows: { pred: string; answers: string[]; all_classes: string[] | null; length: number }[];
    score: number;
    score_e: Record<string, number | string>;
  }[];
}

/** LongBench v1's metrics, a row each, and its scores of prediction files. */
export const longbenchMetricsOracle: Oracle = {
  takes: (fileName) => fileName === "longbench-metrics.json",
  *compare(path): Iterable<Comparison> {
    const { rows, datasets } = readOracle<File>(path);
    for (const [i, row] of rows.entries()) {
      const score = longbenchMetrics[row.metric](row.prediction, row.reference, row.all_classes ?? []);
      yield compareFigures(`LongBench row ${i}, ${row.metric}`, { score }, { score: row.score });
    }
    for (const { dataset, rows, score, score_e } of datasets) {
      const given: (LongbenchRow & { length: number })[] = rows.map((row) => ({
        prediction: row.pred,
        answers: row.answers,
        length: row.length,
      }));
      // The official script keeps the classes of the last row.
      const classes = rows.at(-1)?.all_classes ?? [];
      const got = { score: longbenchScore(dataset, given, classes) };
      yield compareFigures(`LongBench ${dataset}`, got, { score });
      yield compareFigures(
        `LongBench-E ${dataset}`,
        longbenchScoreByLength(dataset, given, classes),
        score_e,
      );
    }
  },
};
