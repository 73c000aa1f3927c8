import { markText, unlikeText } from "../../eval/compare/compare-page.ts";
import type { ComparedBenchmark } from "../../eval/compare/compare-runs.ts";
import type { Entry } from "../../eval/compare/entry.ts";
import { notesOf } from "../../eval/compare/notes.ts";
import { recipeDifferences } from "../../eval/compare/read-runs.ts";
import { formatCount, formatP, formatValue } from "../../format.ts";
import { cleanLine } from "../../quote.ts";
import { formatTable } from "./format.ts";

/** At most so many keys of recipes are listed. */
const mostKeys = 20;

/** Several runs as lines: figures, what differs and by how much, and what their recipes do not share. */
export function compareLines(entries: readonly Entry[], compared: readonly ComparedBenchmark[]): string[] {
  const names = entries.map(({ name }) => name);
  const figures = compared.map(({ benchmark, name, values }) => [
    ...[benchmark, name],
    ...values.map((one) => (one ? withInterval(one, formatValue) : "–")),
  ]);
  const isMany = compared.flatMap(({ pairs: own }) => own.filter(({ p }) => p !== undefined)).length > 1;
  const pairs = compared.flatMap(({ benchmark, name, pairs: own }) =>
    own.map((pair) => [
      ...[benchmark, name, `${names[pair.to]} − ${names[pair.from]}`],
      pair.outcome && pair.difference ? withInterval(pair.difference, signed) : "",
      formatCount(pair.n),
      pair.p === undefined ? "" : formatP(pair.p),
      ...(isMany ? [pair.p_holm === undefined ? "" : formatP(pair.p_holm)] : []),
      pair.outcome ? markText(pair.outcome) : unlikeText(pair),
    ]),
  );
  // The last column is text, and the table would put it at the right.
  const widest = Math.max(0, ...pairs.map((row) => row.at(-1)!.length));
  for (const row of pairs) row.push(row.pop()!.padEnd(widest));
  const keys = recipeDifferences(entries);
  return [
    ...formatTable(["benchmark", "figure", ...names], figures, 2),
    ...(pairs.length === 0
      ? []
      : [
          "",
          ...formatTable(
            ["benchmark", "figure", "models", "difference", "n", "p", ...(isMany ? ["Holm"] : []), ""],
            pairs,
            3,
          ),
        ]),
    ...about(["", ...notesOf(names, compared)]),
    ...about(["", ...entries.flatMap(({ name, notes }) => notes.map((note) => `note  ${name}: ${note}`))]),
    ...(keys.length === 0
      ? []
      : [
          "",
          ...formatTable(
            ["recipe", ...names],
            keys.slice(0, mostKeys).map(({ key, values }) => [key, ...values]),
          ),
        ]),
    ...(keys.length > mostKeys ? [`… and ${keys.length - mostKeys} more keys; --html has all`] : []),
  ].map((line) => line.trimEnd());
}

function withInterval(
  { value, low, high }: { value: number; low?: number; high?: number },
  write: (value: number) => string,
): string {
  return low === undefined || high === undefined
    ? write(value)
    : `${write(value)} [${write(low)}, ${write(high)}]`;
}

/** Lines with the empty one before them, where there are any. */
function about(lines: readonly string[]): readonly string[] {
  return lines.length > 1 ? lines.map(cleanLine) : [];
}

const signed = (value: number): string => `${value > 0 ? "+" : ""}${formatValue(value)}`;
