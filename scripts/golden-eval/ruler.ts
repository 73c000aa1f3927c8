import {
  averagesOverLengths,
  effectiveLength,
  rulerPrediction,
  rulerThreshold,
  stringMatchAll,
  stringMatchPart,
} from "../../src/harness/text-metrics/long-context/ruler.ts";
import { type Comparison, isClose, type Oracle } from "./oracle.ts";
import { compareFigures, compareSame, readOracle } from "./read-oracle.ts";

interface Effective {
  effective_as_printed: string;
  scores: Record<string, number>;
  average_as_printed: string;
  weighted_inc_as_printed: string;
  weighted_dec_as_printed: string;
}
interface File {
  rows: { prediction: string; references: string[]; part: number; all: number }[];
  sets: { predictions: string[]; references: string[][]; part: number; all: number }[];
  post: { raw: string; processed: string }[];
  effective: Effective[];
}

/** RULER's matches, and the lengths and averages that its README prints. */
export const rulerOracle: Oracle = {
  takes: (fileName) => fileName === "ruler.json",
  *compare(path): Iterable<Comparison> {
    const { rows, sets, post, effective } = readOracle<File>(path);
    const asSets = rows.map((row) => ({
      ...row,
      predictions: [row.prediction],
      references: [row.references],
    }));
    for (const [i, { predictions, references, part, all }] of [...asSets, ...sets].entries()) {
      const given = predictions.map((prediction, at) => ({
        prediction: rulerPrediction(prediction),
        references: references[at]!,
      }));
      const got = { part: stringMatchPart(given), all: stringMatchAll(given) };
      yield compareFigures(`RULER row or set ${i}`, got, { part, all });
    }
    for (const [i, { raw, processed }] of post.entries())
      yield compareSame(`RULER answer ${i}`, rulerPrediction(raw), processed);
    for (const [i, row] of effective.entries()) yield* compareEffective(`RULER table ${i}`, row);
  },
};

function* compareEffective(what: string, row: Effective): Iterable<Comparison> {
  const scores = Object.entries(row.scores).map(([length, score]) => ({ length: Number(length), score }));
  const got = effectiveLength(scores);
  const printed = printedLength(row.effective_as_printed, scores);
  if (isConsistent(printed, scores)) yield compareSame(`${what}, effective length`, got, printed);
  else {
    // Some of the table's lengths are not those of its own scores: then ours may not be the printed one.
    const differs = got !== printed;
    yield {
      what: `${what}, effective length (${row.effective_as_printed} is not that of its scores)`,
      isRight: differs,
    };
  }
  const { average, increasing, decreasing } = averagesOverLengths(scores);
  for (const [name, value, printedValue] of [
    ["average", average, row.average_as_printed],
    ["increasing", increasing, row.weighted_inc_as_printed],
    ["decreasing", decreasing, row.weighted_dec_as_printed],
  ] as const) {
    if (!Number.isFinite(Number.parseFloat(printedValue))) continue;
    if (isMisprint(row, name)) continue;
    // Scores and averages are printed with one place each.
    const isRight = isClose(value, Number.parseFloat(printedValue), 0.1 + 1e-9);
    yield { what: `${what}, ${name}`, isRight, detail: `expected ${printedValue}, got ${value}` };
  }
}

/** "64K", ">128K" (the largest length) or "<4K" (none). */
function printedLength(printed: string, scores: readonly { length: number }[]): number | undefined {
  if (printed.startsWith("<")) return undefined;
  if (printed.startsWith(">")) return Math.max(...scores.map(({ length }) => length));
  return Number.parseInt(printed, 10) * 1024;
}

function isConsistent(
  printed: number | undefined,
  scores: readonly { length: number; score: number }[],
): boolean {
  const isReached = ({ score }: { score: number }): boolean => score >= rulerThreshold;
  const own = scores.find(({ length }) => length === printed);
  const longer = scores.filter(({ length }) => length > (printed ?? 0));
  return (own === undefined ? printed === undefined : isReached(own)) && !longer.some(isReached);
}

/**
 * Qwen2.5-14B-Instruct-1M: the table prints an average of 95.7, and scores whose average is 95.2. All other
 * averages of its 44 rows are those of their scores.
 */
function isMisprint({ scores, average_as_printed }: Effective, name: string): boolean {
  const isThatRow = Object.values(scores).join() === "97.5,97.1,94.6,94.9,94.9,92.2";
  return isThatRow && name === "average" && average_as_printed === "95.7";
}
