import { stripBlanks } from "../../jinja/functions/string-methods.ts";
import { splitBlanks } from "./python-text.ts";

/**
 * sacrebleu's tokenizer 13a (that of mteval-v13a.pl): signs become words of their own, but for those in
 * numbers.
 */
export function tokenize13a(text: string): string[] {
  let line = stripBlanks(text, "end").replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  for (const [entity, character] of entities) line = line.replaceAll(entity, character);
  line = ` ${line} `;
  for (const [pattern, replacement] of rules) line = line.replace(pattern, replacement);
  return splitBlanks(line);
}

/** In this order: "&amp;lt;" becomes "<". */
const entities = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
] as const;

const rules = [
  [/([{-~[-` -&(-+:-@/])/gu, " $1 "],
  // Full stops and commas, unless between digits.
  [/([^0-9])([.,])/gu, "$1 $2 "],
  [/([.,])([^0-9])/gu, " $1 $2"],
  [/([0-9])(-)/gu, "$1 $2 "],
] as const;
