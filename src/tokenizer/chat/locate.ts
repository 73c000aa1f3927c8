import type { Message } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import { hasThought, type Literal, type Skeleton, type SkeletonPart, type TextRange } from "./skeleton.ts";

/** A rendered conversation matched with its skeleton. */
export interface Located {
  text: string;
  skeleton: Skeleton;
  /** Where each literal starts in the text. */
  literalStarts: number[];
  /**
   * For each message that says something, where its content is in the text; without its thought where the
   * template writes that separately.
   */
  contents: (TextRange | undefined)[];
  /** Where the thoughts are that the template writes separately. */
  thoughts: (TextRange | undefined)[];
  /** Whether a message is there with its thought: templates may leave out those of earlier turns (Qwen 3). */
  isWhole: boolean[];
}

/**
 * Changes that templates make to a content and that can be followed: none, white space removed from its ends,
 * or JSON's escapes.
 */
const forms: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.trim(),
  (text) => text.trimEnd(),
  (text) => text.trimStart(),
  (text) => text.replace(/^\n+/, ""),
  (text) => text.replace(/^\n+|\n+$/g, ""),
  (text) => JSON.stringify(text).slice(1, -1),
];

/** A thought and what follows it, split the way templates split such an answer. */
const thoughtPattern = /^.*?<think>(.*)<\/think>(.*)$/s;

/** Messages that contain a thought: exactly one pair of tags, as templates expect it. */
export function messagesWithThoughts(messages: readonly Message[]): Set<number> {
  const found = new Set<number>();
  for (const [i, { role, content }] of messages.entries()) {
    if (role !== "assistant" || !content.includes("</think>") || hasThought(messages[i]!)) continue;
    if (content.split("</think>").length === 2 && content.split("<think>").length === 2) found.add(i);
  }
  return found;
}

/** Matches a skeleton and contents with a rendered text. Null when they do not give this text. */
export function locate(
  text: string,
  skeleton: Skeleton,
  messages: readonly Message[],
  thoughts: ReadonlySet<number>,
  hidden: readonly string[],
): Located | null {
  const { literals, parts } = skeleton;
  const at = place(text, literals, parts, (part) =>
    part.kind === "data" ? hidden[part.message]! : sourceOf(messages, part, thoughts),
  );
  if (!at) return null;
  const contents: Located["contents"] = new Array(messages.length);
  const ranges: Located["thoughts"] = new Array(messages.length);
  const isWhole = messages.map((one, i) => !thoughts.has(i) && !hasThought(one));
  const literalStarts = [0];
  for (const [k, { message, kind }] of parts.entries()) {
    literalStarts.push(at[k]!.end);
    if (kind === "content") contents[message] = at[k]!;
    else if (kind === "thought") {
      isWhole[message] = true;
      ranges[message] = at[k]!;
    }
  }
  return { text, skeleton, literalStarts, contents, thoughts: ranges, isWhole };
}

function sourceOf(
  messages: readonly Message[],
  { message, kind }: SkeletonPart,
  thoughts: ReadonlySet<number>,
): string {
  const { content, reasoning_content } = messages[message]!;
  if (!thoughts.has(message)) return kind === "thought" ? (reasoning_content ?? "") : content;
  return thoughtPattern.exec(content)?.[kind === "thought" ? 1 : 2] ?? content;
}

/**
 * Matches literals and contents with the text, each content in the first form that fits. Forms differ little:
 * where two fit (before a literal that starts with spaces), the masks differ in white space only.
 */
function place(
  text: string,
  literals: readonly Literal[],
  parts: readonly SkeletonPart[],
  sourceOf: (part: SkeletonPart) => string,
): TextRange[] | null {
  const ranges: TextRange[] = [];
  const walk = (k: number, at: number): boolean => {
    const literal = literals[k]!.text;
    if (!text.startsWith(literal, at)) return false;
    const start = at + literal.length;
    if (k === parts.length) return start === text.length;
    const source = sourceOf(parts[k]!);
    const tried = new Set<string>();
    for (const form of forms) {
      const content = form(source);
      if (tried.has(content)) continue;
      tried.add(content);
      if (!text.startsWith(content, start)) continue;
      ranges[k] = { start, end: start + content.length };
      if (walk(k + 1, start + content.length)) return true;
    }
    return false;
  };
  return walk(0, 0) ? ranges : null;
}

export function notLocated(): DataError {
  return new DataError(
    "chat template: expected one that writes every message's content as it is, in order, got one that " +
      "changes " +
      "or leaves out content, so the answer cannot be found. Use another chat_template.jinja.",
  );
}
