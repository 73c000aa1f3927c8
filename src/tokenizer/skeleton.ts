import type { Message } from "../datasets/example.ts";
import { generationMarks } from "./generation.ts";
import type { ChatTemplate } from "./template.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Half-open range of a text. */
export interface Range {
  start: number;
  end: number;
}

export type Special = Range & { id: number };

/** What of a message stands in the text: its content, or what it holds in `<think>` tags. */
export interface Part {
  message: number;
  kind: "content" | "thought";
}

/** What the template itself writes between two parts. Offsets are into `text`. */
export interface Literal {
  text: string;
  specials: Special[];
  /** Where `{% generation %}` blocks open and close, in order. */
  generation: { at: number; isOpen: boolean }[];
}

/** A rendered conversation without its contents: literals[0], parts[0], literals[1], … , literals[parts.length]. */
export interface Skeleton {
  literals: Literal[];
  parts: Part[];
}

/** Stand for contents; from the private use area so that no template treats them as words or spaces. */
const markOf = ({ message, kind }: Part): string =>
  `\u{F0000}${kind === "thought" ? "t" : ""}${message}\u{F0001}`;
const anyMark = /\u{F0000}(t?)(\d+)\u{F0001}/gu;

/**
 * What the template writes around contents: the conversation rendered with marks in place of them. `thoughts`:
 * of these messages the thought is marked by itself, as templates that take it out (Qwen 3) look for its tags.
 * Null for a template that leaves a content out, repeats it, or changes the order of messages (where a system
 * message goes is its own affair): there a mask would be a guess.
 */
export function skeletonOf(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly Message[],
  isPrompt: boolean,
  thoughts: ReadonlySet<number>,
): Skeleton | null {
  const marked = messages.map((one, message): Message => {
    const content = markOf({ message, kind: "content" });
    if (!thoughts.has(message)) return { ...one, content };
    return { ...one, content: `<think>\n${markOf({ message, kind: "thought" })}\n</think>\n\n${content}` };
  });
  const rendered = template.renderMarked(marked, isPrompt);
  const literals: Literal[] = [];
  const parts: Part[] = [];
  let from = 0;
  for (const match of rendered.matchAll(anyMark)) {
    literals.push(literalOf(tokenizer, rendered.slice(from, match.index)));
    parts.push({ message: Number(match[2]), kind: match[1] === "t" ? "thought" : "content" });
    from = match.index + match[0].length;
  }
  literals.push(literalOf(tokenizer, rendered.slice(from)));
  if (literals.some(({ text }) => text.includes("\u{F0000}"))) return null;
  return isComplete(parts, messages) ? { literals, parts } : null;
}

function isComplete(parts: readonly Part[], messages: readonly Message[]): boolean {
  const contents = parts.filter(({ kind }) => kind === "content").map(({ message }) => message);
  if (contents.length !== messages.length || new Set(contents).size !== messages.length) return false;
  const turns = contents.filter((message) => messages[message]!.role !== "system");
  if (turns.some((message, k) => k > 0 && message < turns[k - 1]!)) return false;
  // A thought once at most, right before its content.
  return parts.every(
    ({ message, kind }, k) =>
      kind === "content" || (parts[k + 1]?.message === message && parts[k + 1]?.kind === "content"),
  );
}

function literalOf(tokenizer: Tokenizer, marked: string): Literal {
  const { open, close } = generationMarks;
  const pieces = marked.split(new RegExp(`([${open}${close}])`, "u"));
  const generation: Literal["generation"] = [];
  let text = "";
  for (const piece of pieces) {
    if (piece === open || piece === close) generation.push({ at: text.length, isOpen: piece === open });
    else text += piece;
  }
  return { text, generation, specials: specialsOf(tokenizer, text) };
}

/** Special tokens that the template wrote, in order. */
function specialsOf({ specialPattern, specials }: Tokenizer, text: string): Special[] {
  if (specialPattern === null) return [];
  return Array.from(text.matchAll(specialPattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    id: specials.get(match[0]) ?? specials.get(match[0].trim())!,
  }));
}
