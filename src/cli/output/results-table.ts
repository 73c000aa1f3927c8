import type { EventOf } from "../../contracts/events.ts";
import { formatCount, formatValue } from "../../format.ts";
import { formatTable } from "./format.ts";

type Result = EventOf<"eval.result">;

/**
 * The results of an evaluation as a table: one line for each benchmark, slice and metric, one column for each
 * model, and the change when there are two models. Values are those of results.json with four significant
 * digits.
 */
export function formatResults(results: readonly Result[]): string[] {
  const models = [...new Set(results.map((result) => result.model))];
  const rows = Map.groupBy(results, ({ benchmark, slice, metric }) =>
    JSON.stringify([benchmark, slice, metric]),
  );
  const cells = [...rows.values()].map((row) => {
    const [first] = row;
    const values = models.map((model) => row.findLast((result) => result.model === model));
    return [
      first?.benchmark ?? "",
      first?.slice === "" ? "all" : (first?.slice ?? ""),
      first?.metric ?? "",
      [...new Set(row.map(({ n }) => formatCount(n)))].join("/"),
      ...values.map((value) => (value ? formatInterval(value) : "–")),
      ...(models.length === 2 ? [formatChange(values)] : []),
    ];
  });
  const header = ["benchmark", "slice", "metric", "n", ...models, ...(models.length === 2 ? ["change"] : [])];
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
