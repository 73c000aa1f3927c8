import { layoutResults, type ResultCell, type ResultsTable } from "../results-table.ts";
import type { Results } from "../state/results.ts";
import type { Theme } from "../theme.ts";
import { type Line, plain, type View } from "./lines.ts";

const roles: Readonly<Record<ResultCell["tone"], keyof Theme | undefined>> = {
  plain: undefined,
  muted: "muted",
  better: "good",
  worse: "bad",
};

/** Every figure so far. `isWhole`: only those of whole benchmarks, without their slices. */
export function resultsView(results: Results, width: number, isWhole = false): View {
  const shown = isWhole ? wholeOnly(results) : results;
  if (shown.rows.size === 0) return { head: [], body: [] };
  const table = layoutResults(shown, width);
  return {
    head: [
      plain(
        lineOf(table, ({ title }) => title),
        "muted",
      ),
    ],
    body: table.rows.map(({ cells }) => rowOf(table, cells)),
  };
}

function wholeOnly(results: Results): Results {
  return { ...results, rows: new Map([...results.rows].filter(([, { slice }]) => slice === "")) };
}

function rowOf(table: ResultsTable, cells: readonly ResultCell[]): Line {
  return table.columns.map((column, i) => {
    const { text, tone } = cells[i]!;
    const role = roles[tone];
    const padded = `${i > 0 ? " ".repeat(table.gap) : ""}${pad(column, text)}`;
    return role ? { text: padded, role } : { text: padded };
  });
}

function lineOf(table: ResultsTable, textOf: (column: ResultsTable["columns"][number]) => string): string {
  return table.columns.map((column) => pad(column, textOf(column))).join(" ".repeat(table.gap));
}

function pad({ width, align }: ResultsTable["columns"][number], text: string): string {
  const short = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
  return align === "left" ? short.padEnd(width) : short.padStart(width);
}
