import type { EventOf } from "../../contracts/events.ts";
import { formatCount, formatShare, formatValue } from "../../format.ts";
import { formatTable } from "./format.ts";

type Result = EventOf<"eval.result">;

/**
 * The results of an evaluation as a table: one line for each benchmark, slice and metric, one column for each
 * model, and the change when there are two models; where prompts were cut, the share of rows. Values are
 * those of results.json with four significant digits.
 */
export function formatResults(results: readonly Result[]): string[] {
  const models = [...new Set(results.map((result) => result.model))];
  const rows = Map.groupBy(results, ({ benchmark, slice, metric }) =>
    JSON.stringify([benchmark, slice, metric]),
  );
  const isCut = results.some(({ cut }) => cut !== undefined && cut.rows > 0);
  const cells = [...rows.values()].map((row) => {
    const [first] = row;
    const values = models.map((model) => row.findLast((result) => result.model === model));
    return [
      first?.benchmark ?? "",
      first?.slice === "" ? "all" : (first?.slice ?? ""),
      first?.metric ?? "",
      [...new Set(row.map(({ n }) => formatCount(n)))].join("/"),
      ...(isCut ? [[...new Set(row.map(({ cut }) => (cut ? formatShare(cut) : "")))].join("/")] : []),
      ...values.map((value) => (value ? formatInterval(value) : "–")),
      ...(models.length === 2 ? [formatChange(values)] : []),
    ];
  });
  const change = models.length === 2 ? ["change"] : [];
  const header = ["benchmark", "slice", "metric", "n", ...(isCut ? ["cut"] : []), ...models, ...change];
  return formatTable(header, cells, 3);
}

/** `0.1235`, or `0.1235 [0.1000, 0.1500]` with its 95 % interval. */
export function formatInterval({ value, low, high }: Result): string {
  const interval =
    low === undefined || high === undefined ? "" : ` [${formatValue(low)}, ${formatValue(high)}]`;
  return `${formatValue(value)}${interval}`;
}

function formatChange([before, after]: readonly (Result | undefined)[]): string {
  if (!before || !after) return "–";
  const change = after.value - before.value;
  return `${change > 0 ? "+" : ""}${formatValue(change)}`;
}
