import { bleu } from "../../src/harness/text-metrics/bleu.ts";
import { chrf, chrfPlusPlus } from "../../src/harness/text-metrics/chrf.ts";
import { ter } from "../../src/harness/text-metrics/ter.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, readOracle } from "./read-oracle.ts";

interface Row {
  references: (string | string[])[];
  predictions: string[];
  bleu: number;
  chrf: number;
  chrfpp: number;
  ter: number;
}

/** sacrebleu's metrics over a corpus. */
export const corpusMetricsOracle: Oracle = {
  takes: (fileName) => fileName === "corpus-metrics.json",
  *compare(path): Iterable<Comparison> {
    const { rows } = readOracle<{ rows: Row[] }>(path);
    for (const [i, { predictions, references, ...expected }] of rows.entries()) {
      const given = references.map((some) => (typeof some === "string" ? [some] : some));
      const got = {
        bleu: bleu(predictions, given),
        chrf: chrf(predictions, given),
        chrfpp: chrfPlusPlus(predictions, given),
        ter: ter(predictions, given),
      };
      yield compareFigures(`corpus ${i}`, got, expected);
    }
  },
};
