import type { Message } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import type { ChatTemplate } from "./template.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Half-open range of the rendered text. */
export interface Range {
  start: number;
  end: number;
}

export type Special = Range & { id: number };

/** Marks in place of contents, from the private use area so that no template treats them as words or spaces. */
const mark = (i: number): string => `\u{F0000}${i}\u{F0001}`;

/** What templates do to a content and can be followed: nothing, or white space off its ends. */
const forms: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.trim(),
  (text) => text.trimEnd(),
  (text) => text.trimStart(),
];

/**
 * The rendered text and where each message's content stands in it. The template is rendered once with marks
 * in place of the contents and once as it is: putting the contents (as they are, or trimmed, as many templates
 * do) where the marks are must give the same text. Throws DataError for a template that changes content in
 * another way, leaves it out, repeats it or changes the order: there a mask would be a guess.
 */
export function locateContents(
  template: ChatTemplate,
  messages: readonly Message[],
  isPrompt: boolean,
): { text: string; contents: Range[] } {
  const text = template.render(messages, isPrompt);
  const marked = template.render(
    messages.map((message, i) => ({ ...message, content: mark(i) })),
    isPrompt,
  );
  const literals = literalsOf(marked, messages.length);
  const contents = literals && place(text, literals, messages);
  if (contents) return { text, contents };
  throw new DataError(
    "chat template: expected one that writes every message's content as it is, in order, got one that changes " +
      "or leaves out content, so what is the answer cannot be told. Use another chat_template.jinja.",
  );
}

/** The text before each mark, and after the last; null when marks are not there once each, in order. */
function literalsOf(marked: string, count: number): string[] | null {
  const literals: string[] = [];
  let rest = marked;
  for (let i = 0; i < count; i++) {
    const at = rest.indexOf(mark(i));
    if (at < 0) return null;
    literals.push(rest.slice(0, at));
    rest = rest.slice(at + mark(i).length);
  }
  literals.push(rest);
  return literals.some((literal) => literal.includes("\u{F0000}")) ? null : literals;
}

/**
 * Lays literals and contents along the text, each content in the first form that fits. Forms differ in white
 * space only, so where two fit (a literal that goes on with blanks) the mask differs in blanks only.
 */
function place(text: string, literals: readonly string[], messages: readonly Message[]): Range[] | null {
  const walk = (i: number, at: number): Range[] | null => {
    const literal = literals[i]!;
    if (!text.startsWith(literal, at)) return null;
    const start = at + literal.length;
    if (i === messages.length) return start === text.length ? [] : null;
    for (const content of new Set(forms.map((form) => form(messages[i]!.content)))) {
      if (!text.startsWith(content, start)) continue;
      const rest = walk(i + 1, start + content.length);
      if (rest) return [{ start, end: start + content.length }, ...rest];
    }
    return null;
  };
  return walk(0, 0);
}

/** Special tokens that the template wrote, in order; none are looked for in contents. */
export function specialsOutside(tokenizer: Tokenizer, text: string, contents: readonly Range[]): Special[] {
  const { specialPattern, specials } = tokenizer;
  if (specialPattern === null) return [];
  const found: Special[] = [];
  let from = 0;
  for (const { start, end } of [...contents, { start: text.length, end: text.length }]) {
    for (const match of text.slice(from, start).matchAll(specialPattern)) {
      const at = from + match.index;
      const id = specials.get(match[0]) ?? specials.get(match[0].trim())!;
      found.push({ start: at, end: at + match[0].length, id });
    }
    from = end;
  }
  return found;
}
