import type { ContextSpan } from "../../contracts/example.ts";
import type { Range } from "./sentences.ts";

/**
 * Fills the `{name}` placeholders of a template and says where each value is. Values are not searched for
 * placeholders, so a document may contain braces.
 */
export function fill(
  template: string,
  values: Record<string, string>,
): { text: string; places: Record<string, Range> } {
  const places: Record<string, Range> = {};
  let text = "";
  let last = 0;
  for (const match of template.matchAll(/\{(\w+)\}/g)) {
    const value = values[match[1]!];
    if (value === undefined) throw new RangeError(`template: expected a value for ${match[0]}, got none`);
    text += template.slice(last, match.index);
    places[match[1]!] = { start: text.length, end: text.length + value.length };
    text += value;
    last = match.index + match[0].length;
  }
  return { text: text + template.slice(last), places };
}

/**
 * The document's span with the evidence taken out: what may be shortened without making the question
 * unanswerable. `evidence` are ranges in the document, in any order.
 */
export function shortenable(document: Range, evidence: readonly Range[], message = 0): ContextSpan[] {
  const spans: ContextSpan[] = [];
  let start = document.start;
  for (const range of [...evidence].sort((a, b) => a.start - b.start)) {
    const end = document.start + range.start;
    if (end > start) spans.push({ message, start, end });
    start = Math.max(start, document.start + range.end);
  }
  if (document.end > start) spans.push({ message, start, end: document.end });
  return spans;
}
