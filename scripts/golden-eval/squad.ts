import { normalizeAnswer } from "../../src/harness/text-metrics/squad/normalize-answer.ts";
import { squadV1Scores, squadV2Scores } from "../../src/harness/text-metrics/squad/squad-set.ts";
import { squadExact, squadF1, squadV2F1 } from "../../src/harness/text-metrics/squad/word-f1.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, compareSame, readOracle } from "./read-oracle.ts";

interface File {
  rows: {
    prediction: string;
    reference: string;
    v1: { exact_match: number; f1: number };
    v2: { exact: number; f1: number };
    normalized: string;
  }[];
  set: {
    data: { id: string; answers: string[] }[];
    predictions: Record<string, string>;
    no_answer_probability: Record<string, number>;
    v1: Record<string, number>;
    v2: Record<string, number>;
  };
}

/** SQuAD v1.1 and v2.0, a row each and over a set. */
export const squadOracle: Oracle = {
  takes: (fileName) => fileName === "squad.json",
  *compare(path): Iterable<Comparison> {
    const { rows, set } = readOracle<File>(path);
    for (const [i, { prediction, reference, v1, v2, normalized }] of rows.entries()) {
      const exact = squadExact(prediction, reference);
      const ours = { exact_match: exact, f1: squadF1(prediction, reference) };
      yield compareFigures(`SQuAD v1.1 row ${i}`, ours, v1);
      yield compareFigures(`SQuAD v2.0 row ${i}`, { exact, f1: squadV2F1(prediction, reference) }, v2);
      yield compareSame(`SQuAD normalised ${i}`, normalizeAnswer(prediction), normalized);
    }
    const predictions = new Map(Object.entries(set.predictions));
    const answerable = set.data.filter(({ answers }) => answers.length > 0);
    const { missing, ...v1 } = squadV1Scores(answerable, predictions);
    yield compareSame("SQuAD predictions that are missing", missing, 0);
    yield compareFigures("SQuAD v1.1 set", v1, set.v1);
    const noAnswer = { probabilities: new Map(Object.entries(set.no_answer_probability)), threshold: 0.5 };
    yield compareFigures("SQuAD v2.0 set", squadV2Scores(set.data, predictions, noAnswer), set.v2);
  },
};
