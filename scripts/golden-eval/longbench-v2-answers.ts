import { answerLetter } from "../../src/harness/text-metrics/longbench/answer-letter.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareSame, readOracle } from "./read-oracle.ts";

/** LongBench v2's reading of an answer's letter. */
export const longbenchV2AnswersOracle: Oracle = {
  takes: (fileName) => fileName === "longbench-v2-answers.json",
  *compare(path): Iterable<Comparison> {
    const { rows } = readOracle<{ rows: { response: string; answer: string | null }[] }>(path);
    for (const [i, { response, answer }] of rows.entries())
      yield compareSame(`LongBench v2 answer ${i}`, answerLetter(response), answer);
  },
};
