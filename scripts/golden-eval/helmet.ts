import { helmetAnswer, helmetScores } from "../../src/harness/text-metrics/long-context/helmet.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, compareSame, readOracle } from "./read-oracle.ts";

interface File {
  rows: { prediction: string; answers: string[]; scores: Record<string, number | boolean> }[];
  outputs: { output: string; parsed: string }[];
}

/** HELMET's scores and its reading of an answer. */
export const helmetOracle: Oracle = {
  takes: (fileName) => fileName === "helmet.json",
  *compare(path): Iterable<Comparison> {
    const { rows, outputs } = readOracle<File>(path);
    for (const [i, { prediction, answers, scores }] of rows.entries())
      yield compareFigures(`HELMET row ${i}`, helmetScores(prediction, answers), scores);
    for (const [i, { output, parsed }] of outputs.entries())
      yield compareSame(`HELMET answer ${i}`, helmetAnswer(output), parsed);
  },
};
