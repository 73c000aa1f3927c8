import { cleanLine } from "../../quote.ts";

/**
 * Pads columns to their widest cell and aligns all but the first `leftColumns` right. Lines do not end in
 * spaces. Cells can come from data, so they are cleaned.
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
): string[] {
  const [titles, ...cells] = [header, ...rows].map((row) => row.map(cleanLine));
  const widths = titles!.map((title, i) =>
    Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) =>
        i < leftColumns ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width),
      )
      .join("  ")
      .trimEnd();
  return [line(titles!), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)];
}
