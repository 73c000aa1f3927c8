import { escapeHtml } from "../../../quote.ts";

/** A table of values from 0 to 1, shaded by value; the number is in every cell. */
export function heatMap(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  cell: (row: string, column: string) => number | undefined,
): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = cell(row, column);
      if (value === undefined) return "<td>–</td>";
      // At most 70 %, so that the number stays readable.
      const share = Math.round(70 * Math.min(1, Math.max(0, value)));
      const shade = `color-mix(in srgb, var(--c1) ${share}%, transparent)`;
      return `<td style="background:${shade}">${value.toFixed(2)}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(row)}</th>${cells.join("")}</tr>`;
  });
  return (
    `<table class="heat"><caption>${escapeHtml(title)}</caption>` +
    `<tr><th></th>${head}</tr>${body.join("")}</table>`
  );
}
