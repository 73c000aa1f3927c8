import { formatCount, formatValue } from "../../format.ts";

/** What a stage's summary holds: texts as they are, whole numbers with commas, others with four digits. */
export function formatSummary(summary: Readonly<Record<string, string | number>>): string {
  return Object.entries(summary)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : formatNumber(value)}`)
    .join(", ");
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatValue(value);
}

/** Columns padded to the widest cell; all but the first `leftColumns` are right-aligned. Lines have no trailing blanks. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
): string[] {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) =>
        i < leftColumns ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width),
      )
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)];
}
