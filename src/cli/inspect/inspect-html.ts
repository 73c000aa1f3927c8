import { escapeHtml } from "../../quote.ts";
import type { Section } from "./inspect-report.ts";

const style =
  ":root{color-scheme:light dark}\n" +
  "body{font:15px/1.5 system-ui,sans-serif;margin:0;color:light-dark(#111827,#e5e7eb);" +
  "background:light-dark(#fff,#111418)}\n" +
  "main{max-width:1000px;margin:auto;padding:1.5rem}section{overflow-x:auto}" +
  "h2{font-size:1.05rem;margin-top:2rem}\n" +
  "table{border-collapse:collapse;font-variant-numeric:tabular-nums}" +
  "td,th{padding:.2rem .8rem .2rem 0;text-align:right;border-bottom:1px solid light-dark(#e5e7eb," +
  "#374151)}.left{text-align:left}\n" +
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,monospace;padding:.8rem;" +
  "margin:.3rem 0 1.2rem;border:1px solid light-dark(#e5e7eb,#374151);border-radius:6px;" +
  "color:light-dark(#4b5563,#9ca3af)}\n" +
  "mark{color:light-dark(#065f46,#a7f3d0);background:light-dark(#d1fae5,#064e3b);border-radius:3px}" +
  "summary{cursor:pointer;font-weight:600}";

/** One HTML page that loads nothing else, so it can be sent and opened anywhere. */
export function inspectPage(title: string, sections: readonly Section[]): string {
  const body = sections.map(sectionHtml).join("");
  const legend = "<p><mark>trained tokens</mark> count in the loss; the others are only read.</p>";
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width">' +
    `<title>${escapeHtml(title)}</title><style>${style}</style></head>` +
    `<body><main><h1>${escapeHtml(title)}</h1>${legend}${body}</main></body></html>\n`
  );
}

function sectionHtml({ title, table, examples = [] }: Section): string {
  const shown = examples.map(({ head, runs }, i) => {
    const text = runs
      .map(({ text, trained }) => (trained ? `<mark>${escapeHtml(text)}</mark>` : escapeHtml(text)))
      .join("");
    const summary = `<summary>${escapeHtml(head)}</summary>`;
    return `<details${i < 3 ? " open" : ""}>${summary}<pre>${text}</pre></details>`;
  });
  return `<section><h2>${escapeHtml(title)}</h2>${table ? tableHtml(table) : ""}${shown.join("")}</section>`;
}

function tableHtml({ header, rows, leftColumns }: NonNullable<Section["table"]>): string {
  const row = (cells: readonly string[], tag: "td" | "th"): string => {
    const side = (i: number): string => (i < leftColumns ? ' class="left"' : "");
    return `<tr>${cells.map((cell, i) => `<${tag}${side(i)}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  };
  return `<table>${row(header, "th")}${rows.map((cells) => row(cells, "td")).join("")}</table>`;
}
