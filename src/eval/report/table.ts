import { escapeHtml } from "../../quote.ts";
import { format } from "./charts/ticks.ts";

export type PageCell = string | number | { html: string; kind?: string };

/**
 * A table. The first `textColumns` columns are text, the others numbers. Strings are escaped, `html` is not.
 * On a narrow page each row is a block and each cell has its column's title before it.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly PageCell[])[],
  textColumns = 1,
): string {
  const kindOf = (i: number, kind = ""): string => {
    const all = [i < textColumns ? "text" : "", kind].filter(Boolean).join(" ");
    return all && ` class="${all}"`;
  };
  const top = head.map((title, i) => `<th scope="col"${kindOf(i)}>${escapeHtml(title)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const label = ` data-label="${escapeHtml(head[i] ?? "")}"`;
      if (typeof cell === "object") return `<td${kindOf(i, cell.kind)}${label}>${cell.html}</td>`;
      return `<td${kindOf(i)}${label}>${typeof cell === "number" ? format(cell) : escapeHtml(cell)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return (
    `<div class="wide"><table class="rows"><thead><tr>${top}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>`
  );
}

/** A section with a heading; nothing where there is nothing in it. */
export function section(title: string, body: string): string {
  return body === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`;
}

/** What can be opened. */
export function details(title: string, body: string): string {
  return body === "" ? "" : `<details><summary>${escapeHtml(title)}</summary>${body}</details>`;
}

/** Names and what they are, one a line. */
export function facts(pairs: readonly (readonly [name: string, html: string])[]): string {
  const rows = pairs.map(([name, html]) => `<dt>${escapeHtml(name)}</dt><dd>${html}</dd>`);
  return rows.length === 0 ? "" : `<dl class="facts">${rows.join("")}</dl>`;
}
