import {
  type RougeScore,
  rougeScore,
  rougeScoreOfBest,
  rougeTypes,
} from "../../src/harness/text-metrics/rouge/rouge-score.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, readOracle } from "./read-oracle.ts";

type Scores = Record<(typeof rougeTypes)[number], [precision: number, recall: number, fmeasure: number]>;
interface File {
  rows: { prediction: string; reference: string; plain: Scores; stemmed: Scores }[];
  multi: { prediction: string; references: string[]; plain?: Scores; stemmed?: Scores }[];
}

/** Google's ROUGE without and with its stemmer; of several references the best. */
export const rougeScoreOracle: Oracle = {
  takes: (fileName) => fileName === "rouge-score.json",
  *compare(path): Iterable<Comparison> {
    const { rows, multi } = readOracle<File>(path);
    for (const [i, { prediction, reference, plain, stemmed }] of rows.entries()) {
      for (const [isStemmed, scores] of [
        [false, plain],
        [true, stemmed],
      ] as const)
        yield* compareTypes(`ROUGE row ${i}${isStemmed ? ", stemmed" : ""}`, scores, (type) =>
          rougeScore(type, prediction, reference, { isStemmed }),
        );
    }
    for (const [i, { prediction, references, plain, stemmed }] of multi.entries()) {
      for (const [isStemmed, scores] of [
        [false, plain],
        [true, stemmed],
      ] as const) {
        if (scores === undefined) continue;
        yield* compareTypes(`ROUGE of several ${i}${isStemmed ? ", stemmed" : ""}`, scores, (type) =>
          rougeScoreOfBest(type, prediction, references, { isStemmed }),
        );
      }
    }
  },
};

function* compareTypes(
  what: string,
  expected: Scores,
  score: (type: (typeof rougeTypes)[number]) => RougeScore,
): Iterable<Comparison> {
  for (const type of rougeTypes) {
    const [precision, recall, fmeasure] = expected[type];
    yield compareFigures(`${what}, ${type}`, { ...score(type) }, { precision, recall, fmeasure });
  }
}
