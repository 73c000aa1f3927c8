import type { Message } from "../../contracts/example.ts";
import type { Literal, Skeleton, SkeletonPart } from "./skeleton.ts";

/** A position in what a template writes: an offset into a literal of the skeleton. */
export interface At {
  literal: number;
  offset: number;
}

/** What is known about message i from the skeleton alone, for every conversation that has this skeleton. */
export interface Turn {
  /**
   * Where the answer begins: at the end of its prompt. The whole text starts with this prompt, so training
   * and generation see the same. Text between there and the content (Llama's space) belongs to the answer.
   * `content`: a conversation that starts with an answer. `refused`: why there is no such place.
   */
  start: At | "content" | { refused: string };
  /**
   * Behind the end token: the first special token after the content that the template writes even when
   * nothing follows.
   */
  end: At | null;
  endId: number | null;
  /**
   * The `{% generation %}` blocks of the answer: the one around its content, or all of them when it calls
   * tools.
   */
  generation: { start: At; end: At }[];
  /** For an answer with calls: the literals that contain them. */
  calls: { from: number; after: number; to: number } | null;
}

/**
 * Gives the skeleton of the first `count` messages, as a prompt or as a complete conversation. `asText`: as
 * if the last message had only text and no calls.
 */
export type SkeletonOf = (count: number, isPrompt: boolean, asText?: boolean) => Skeleton | null;

/**
 * Describes each message's turn. `whole` is the skeleton of the whole conversation. For other roles than the
 * assistant only the end is found.
 */
export function turnsOf(messages: readonly Message[], whole: Skeleton, skeletonOf: SkeletonOf): Turn[] {
  return messages.map(({ role, tool_calls }, i) => {
    if (tool_calls !== undefined) return callingTurn(i, messages.length, whole, skeletonOf);
    const after = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content") + 1;
    const end = endOf(whole.literals[after]!, whatFollows(i, messages.length, skeletonOf));
    return {
      start: role === "assistant" ? startOf(i, whole, skeletonOf) : "content",
      end: end ? { literal: after, offset: end.end } : null,
      endId: end?.id ?? null,
      generation: generationAround(whole, after),
      calls: null,
    };
  });
}

/**
 * The turn of an answer with calls, which are part of literals. It goes up to the token that ends text
 * answers, wherever that first comes after its text. Where calls end in another way (Llama's <|eom_id|>), it
 * goes up to the last token that the template writes when nothing follows. How a text answer would begin
 * shows which part is the header and which part opens a call.
 */
function callingTurn(i: number, count: number, whole: Skeleton, skeletonOf: SkeletonOf): Turn {
  const calls = callsIn(i, whole.parts);
  const plain = skeletonOf(i + 1, false, true);
  const prompt = skeletonOf(i, true);
  const begins = plain && prompt && isPrefix(prompt, whole) ? startOf(i, plain, skeletonOf) : "content";
  const start = begins === "content" ? { refused: anotherPrompt(i) } : begins;
  const isPast = ({ literal, offset }: At): boolean =>
    literal >= calls.after && ("refused" in start || literal > start.literal || offset >= start.offset);
  const specials = whole.literals
    .slice(0, calls.to + 1)
    .flatMap((one, literal) => one.specials.map((special) => ({ literal, ...special })))
    .filter(({ literal, start }) => isPast({ literal, offset: start }));
  const textEnd = plain?.literals.at(-1)?.specials[0]?.id;
  const same = sameAsLast(i, count, whole.literals[calls.to]!, calls.to, skeletonOf);
  const end =
    specials.find(({ id }) => id === textEnd) ??
    specials.findLast(({ literal, end }) => literal < calls.to || end <= same);
  return {
    start,
    end: end ? { literal: end.literal, offset: end.end } : null,
    endId: end?.id ?? null,
    generation: generationIn(whole, calls.from, calls.to),
    calls,
  };
}

/** The literals [from, to] around and inside the text of message i. Those from `after` on follow the text. */
function callsIn(i: number, parts: readonly SkeletonPart[]): NonNullable<Turn["calls"]> {
  const next = parts.findIndex(({ message, kind }) => kind !== "data" && message > i);
  const to = next < 0 ? parts.length : next;
  const before = parts.slice(0, to);
  return {
    from: before.findLastIndex(({ message, kind }) => kind !== "data" && message !== i) + 1,
    after: before.findLastIndex(({ kind }) => kind !== "data") + 1,
    to,
  };
}

/** How much of the literal after message i stays the same when nothing follows. */
function sameAsLast(
  i: number,
  count: number,
  { text }: Literal,
  literal: number,
  skeletonOf: SkeletonOf,
): number {
  if (i === count - 1) return text.length;
  const last = skeletonOf(i + 1, false);
  return last?.parts.length === literal ? sharedLength(text, last.literals[literal]!.text) : 0;
}

function startOf(i: number, whole: Skeleton, skeletonOf: SkeletonOf): Turn["start"] {
  const first = whole.parts.findIndex(({ message }) => message === i);
  const content = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content");
  const prompt = skeletonOf(i, true);
  if (!prompt || !isPrefix(prompt, whole) || prompt.parts.length !== first) {
    // A conversation that starts with an answer, in a template that has no prompt for this.
    if (i === 0) return "content";
    return {
      refused: anotherPrompt(i),
    };
  }
  const offset = prompt.literals[first]!.text.length;
  for (let k = first; k <= content; k++) {
    const { specials, text } = whole.literals[k]!;
    const header = specials.find(({ start }) => k > first || start >= offset);
    if (header === undefined) continue;
    if (i === 0) return "content";
    return {
      refused:
        "expected the generation prompt to go up to the answer, got the special token " +
        `${JSON.stringify(text.slice(header.start, header.end).trim())} after it: the answer's header ` +
        "would be trained and generated. Use a chat_template.jinja that writes it where " +
        "add_generation_prompt is true.",
    };
  }
  return { literal: first, offset };
}

function anotherPrompt(i: number): string {
  return (
    `expected the prompt of message ${i} to be how the whole conversation begins, got another text: ` +
    "training and generation would not see the same prompt. Use another chat_template.jinja, or " +
    "mix.train_on.turns: last."
  );
}

function isPrefix(prompt: Skeleton, whole: Skeleton): boolean {
  const last = prompt.parts.length;
  return (
    prompt.parts.every(
      ({ message, kind }, k) =>
        whole.parts[k]?.message === message &&
        whole.parts[k]?.kind === kind &&
        whole.literals[k]!.text === prompt.literals[k]!.text,
    ) && whole.literals[last]!.text.startsWith(prompt.literals[last]!.text)
  );
}

/** What the template writes after message i when it is the last one; null when it really is the last one. */
function whatFollows(i: number, count: number, skeletonOf: SkeletonOf): string | null {
  if (i === count - 1) return null;
  const turn = skeletonOf(i + 1, false);
  return turn?.parts.at(-1)?.message === i ? turn.literals.at(-1)!.text : "";
}

/** Never a token that opens the next turn: only text that stays the same when nothing follows is searched. */
function endOf({ text, specials }: Literal, follows: string | null): Literal["specials"][0] | undefined {
  const same = follows === null ? text.length : sharedLength(text, follows);
  return specials.find(({ end }) => end <= same);
}

function sharedLength(one: string, other: string): number {
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same++;
  return same;
}

/** The block that contains the content before literal `after`. */
function generationAround({ literals }: Skeleton, after: number): Turn["generation"] {
  let open: At | null = null;
  for (const [literal, { generation }] of literals.entries()) {
    for (const { at, isOpen } of generation) {
      if (literal >= after && !isOpen) return open ? [{ start: open, end: { literal, offset: at } }] : [];
      if (literal < after) open = isOpen ? { literal, offset: at } : null;
      else return [];
    }
  }
  return [];
}

/** The blocks that open and close inside literals [from, to]. */
function generationIn({ literals }: Skeleton, from: number, to: number): Turn["generation"] {
  const blocks: Turn["generation"] = [];
  let open: At | null = null;
  for (const [literal, { generation }] of literals.entries()) {
    if (literal < from || literal > to) continue;
    for (const { at, isOpen } of generation) {
      if (!isOpen && open) blocks.push({ start: open, end: { literal, offset: at } });
      open = isOpen ? { literal, offset: at } : null;
    }
  }
  return blocks;
}
