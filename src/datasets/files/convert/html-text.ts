import { compile, type FormatCallback, type HtmlToTextOptions } from "html-to-text";
import type { Converted } from "./converted.ts";

/** A page of more characters is no document that one reads. */
const maxChars = 16 << 20;

/** What is on a page beside its text. */
const beside = ["nav", "footer", "aside", "form", "button", "select", "iframe", "svg", "img"];
const hidden = ["[hidden]", "[aria-hidden=true]", "[role=navigation]", "[role=search]", "template"];

/** `# Title`, as in Markdown, so that a text's structure is there whatever file it came from. */
const heading: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  builder.addInline(`${"#".repeat(Number(element.name?.slice(1)))} `);
  walk(element.children, builder);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

/** Cells of a row stand on one line. A table that is only there for the layout reads on as it is. */
const cell: FormatCallback = (element, walk, builder) => {
  const before = (element.parent?.children ?? []).filter(({ name }) => isCell(name));
  if (before[0] !== element) builder.addInline(" | ");
  walk(element.children, builder);
};

const isCell = (name: string | undefined): boolean => name === "td" || name === "th";

const options: HtmlToTextOptions = {
  wordwrap: false,
  formatters: { heading, cell },
  limits: { maxInputLength: maxChars },
  selectors: [
    ...[...beside, ...hidden].map((selector) => ({ selector, format: "skip" })),
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, format: "heading" })),
    ...["td", "th"].map((selector) => ({ selector, format: "cell" })),
    { selector: "table", format: "block" },
    { selector: "tr", format: "block", options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: "a", options: { ignoreHref: true } },
  ],
};
const mainOf = compile({
  ...options,
  baseElements: { selectors: ["main", "[role=main]"], returnDomByDefault: false },
});
const wholeOf = compile({ ...options, baseElements: { selectors: ["body"] } });

const textOf = (toText: (html: string) => string, html: string): string =>
  // An entry of a list that was nothing but a picture leaves its mark.
  toText(html)
    .replace(/^ *\* *$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

/** The text of a page: what is under `main` where it has that, without menus, forms and what is hidden. */
export function htmlText(bytes: Uint8Array): Converted {
  const charset = charsetOf(bytes);
  let html: string;
  try {
    html = new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return { dropped: { reason: "invalid_encoding", detail: `the page is not ${charset}` } };
  }
  if (html.length > maxChars) {
    const detail = `over ${maxChars} characters, the limit of a page`;
    return { dropped: { reason: "document_too_long", detail } };
  }
  const title = /<title[^>]*>([^<]{1,500})<\/title/i.exec(html.slice(0, 65_536))?.[1];
  return {
    text: textOf(mainOf, html) || textOf(wholeOf, html),
    ...(title !== undefined && { title: wholeOf(title).replace(/\s+/g, " ").trim() }),
  };
}

/** The encoding that a page names in its first bytes, as browsers look for it. */
function charsetOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  const named = /<meta[^>]{1,200}charset\s*=\s*["']?\s*([\w:-]{1,40})/i.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return "utf-8";
  }
}
