import { shippedList } from "../src/harness/files/shipped-list.ts";
import { table } from "./schema-tables.ts";

/** The tasks that ship, for docs/tasks.md. */
export function taskTable(): string {
  const rows = shippedList().map(({ name, members, about, metrics, rows, dataset, licence, paper }) => [
    `\`${name}\`${members.length > 0 ? ` (${members.length})` : ""}`,
    `[${about}](${paper})`,
    metrics.map((metric) => `\`${metric}\``).join(", "),
    rows === undefined ? "" : String(rows),
    `\`${dataset}\``,
    licence,
  ]);
  return table(["task", "what", "metrics", "rows", "dataset on the Hub", "licence"], rows);
}
