import type { Message } from "../../contracts/example.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { generationMarks } from "./generation-marks.ts";
import type { ArgumentsAs, Chat, ChatTemplate } from "./template.ts";

/** A half-open range of a text. */
export interface TextRange {
  start: number;
  end: number;
}

export type Special = TextRange & { id: number };

/**
 * The part of a message that stands here: its content, or its thought in `<think>` tags. `data` belongs to no
 * message: it is a hidden text of calls or tools, and `message` is its index.
 */
export interface SkeletonPart {
  message: number;
  kind: "content" | "thought" | "data";
}

/** What the template itself writes between two parts. Offsets are into `text`. */
export interface Literal {
  text: string;
  specials: Special[];
  /** Where `{% generation %}` blocks open and close, in order. */
  generation: { at: number; isOpen: boolean }[];
}

/**
 * A rendered conversation without its contents: literals[0], parts[0], literals[1], … ,
 * literals[parts.length].
 */
export interface Skeleton {
  literals: Literal[];
  parts: SkeletonPart[];
}

/**
 * Marks that stand for contents. They are private-use characters, so that no template takes them for words or
 * spaces.
 */
const markOf = ({ message, kind }: SkeletonPart): string =>
  `\u{F0000}${kind === "thought" ? "t" : ""}${message}\u{F0001}`;
const anyMark = /\u{F0000}([td]?)(\d+)\u{F0001}/gu;
const kinds: Record<string, SkeletonPart["kind"]> = { "": "content", t: "thought", d: "data" };
const thoughtEnd = "</think>";

/** Whether a message has a thought by itself, beside its content. */
export function hasThought({ reasoning_content }: Message): boolean {
  return reasoning_content !== undefined && reasoning_content !== "";
}

/**
 * Whether a message says nothing besides its calls (and its thought, where thoughts are handled separately).
 * Templates check whether there is text, so such a message gets no mark.
 */
export function isSilent({ content, tool_calls }: Message, hasThought: boolean): boolean {
  if (tool_calls === undefined) return false;
  const said = hasThought ? content.slice(content.indexOf(thoughtEnd) + thoughtEnd.length) : content;
  return said.trim() === "";
}

export interface SkeletonOptions {
  /** Render only up to where the next answer begins. */
  isPrompt: boolean;
  argumentsAs: ArgumentsAs;
  /**
   * Messages whose thought gets its own mark, because templates that remove thoughts (Qwen 3) look for its
   * tags.
   */
  thoughts: ReadonlySet<number>;
}

/**
 * What the template writes around the contents: the conversation is rendered with marks in their place. Calls
 * and tools are part of the literals; special token names in them are hidden before (`hideData`). Null for a
 * template that leaves out a content, repeats it, or changes the order of messages (except for system
 * messages): a mask would be a guess there.
 */
export function skeletonOf(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  { messages, ...chat }: Chat,
  { isPrompt, argumentsAs, thoughts }: SkeletonOptions,
): Skeleton | null {
  const silent = new Set(messages.flatMap((one, i) => (isSilent(one, thoughts.has(i)) ? i : [])));
  const marked = messages.map((told, message): Message => {
    const one = hasThought(told)
      ? { ...told, reasoning_content: markOf({ message, kind: "thought" }) }
      : told;
    const content = silent.has(message) ? "" : markOf({ message, kind: "content" });
    if (!thoughts.has(message)) return silent.has(message) ? one : { ...one, content };
    return { ...one, content: `<think>\n${markOf({ message, kind: "thought" })}\n</think>\n\n${content}` };
  });
  const rendered = template.renderMarked({ ...chat, messages: marked }, isPrompt, argumentsAs);
  const literals: Literal[] = [];
  const parts: SkeletonPart[] = [];
  let from = 0;
  for (const match of rendered.matchAll(anyMark)) {
    literals.push(literalOf(tokenizer, rendered.slice(from, match.index)));
    parts.push({ message: Number(match[2]), kind: kinds[match[1]!]! });
    from = match.index + match[0].length;
  }
  literals.push(literalOf(tokenizer, rendered.slice(from)));
  if (literals.some(({ text }) => text.includes("\u{F0000}"))) return null;
  return isComplete(parts, messages, silent) ? { literals, parts } : null;
}

function isComplete(
  parts: readonly SkeletonPart[],
  messages: readonly Message[],
  silent: ReadonlySet<number>,
): boolean {
  const contents = parts.filter(({ kind }) => kind === "content").map(({ message }) => message);
  const count = messages.length - silent.size;
  if (contents.length !== count || new Set(contents).size !== count) return false;
  const turns = contents.filter((message) => messages[message]!.role !== "system");
  if (turns.some((message, k) => k > 0 && message < turns[k - 1]!)) return false;
  // At most one thought for each message, right before its content.
  const thoughts = parts.filter(({ kind }) => kind === "thought").map(({ message }) => message);
  if (new Set(thoughts).size !== thoughts.length) return false;
  return parts.every(
    ({ message, kind }, k) =>
      kind !== "thought" ||
      silent.has(message) ||
      (parts[k + 1]?.message === message && parts[k + 1]?.kind === "content"),
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

/** The special tokens that the template wrote, in order. */
function specialsOf({ specialPattern, specials }: Tokenizer, text: string): Special[] {
  if (specialPattern === null) return [];
  return Array.from(text.matchAll(specialPattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    id: specials.get(match[0]) ?? specials.get(match[0].trim())!,
  }));
}
