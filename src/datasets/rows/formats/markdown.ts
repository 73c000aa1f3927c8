import { Type } from "@sinclair/typebox";
import type { JsonObject } from "../../files/json-rows.ts";
import { defineDocumentFormat } from "../format.ts";

/**
 * Markdown: each file is a document, or with `sections: true` each part under a heading of the first or
 * second level. Front matter is removed; its `title` and `description` go into `meta`.
 */
export const markdown = defineDocumentFormat({
  endings: [".md", ".mdx", ".markdown"],
  options: {
    sections: Type.Boolean({
      description: "Each part under a heading of the first or second level is a document.",
      default: false,
    }),
  },
  parts(whole, { sections }) {
    const { body, meta } = takeFrontMatter(whole);
    if (!sections) return [{ name: "", text: body.trim(), meta }];
    return splitSections(body).map(({ title, text }, i) => ({
      name: String(i),
      text,
      meta: { ...meta, ...(title === "" ? {} : { section: title }) },
    }));
  },
});

function takeFrontMatter(whole: string): { body: string; meta: JsonObject } {
  const match = /^---[ \t]*\n([\s\S]*?\n)?---[ \t]*(?:\n|$)/.exec(whole);
  if (!match) return { body: whole, meta: {} };
  const meta: JsonObject = {};
  for (const [, key = "", value = ""] of (match[1] ?? "").matchAll(/^(title|description):[ \t]*(.+)$/gm)) {
    meta[key] = value.trim().replace(/^(["'])(.*)\1$/, "$2");
  }
  return { body: whole.slice(match[0].length), meta };
}

/** Cuts before every `#` and `##` heading outside fenced code; blank parts are left out. */
function splitSections(body: string): { title: string; text: string }[] {
  const sections: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  let fence = "";
  for (const line of body.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === "") fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = "";
    const heading = fence === "" && !mark ? /^#{1,2}[ \t]+(.+?)[ \t#]*$/.exec(line) : null;
    if (heading) sections.push({ title: heading[1]!, lines: [] });
    sections.at(-1)!.lines.push(line);
  }
  return sections
    .map(({ title, lines }) => ({ title, text: lines.join("\n").trim() }))
    .filter(({ text }) => text !== "");
}
