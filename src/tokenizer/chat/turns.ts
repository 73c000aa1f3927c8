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
   * nothing follows. `start`: where it begins, or the first of two.
   */
  end: (At & { start: number }) | null;
  endId: number | null;
  /**
   * What ends the last answer in a template that writes nothing there: it opens the next turn with a special
   * token (GLM's <|user|>), which the model has to write to stop. `text`: what stands before that token.
   */
  appended: { text: string; id: number } | null;
  /**
   * The `{% generation %}` blocks of the answer: the one around its content, or all of them when it calls
   * tools.
   */
  generation: { start: At; end: At }[];
  /** For an answer with calls: the literals that contain them. */
  calls: { from: number; after: number; to: number } | null;
}

export interface PartialSkeleton {
  /** As if the last message had only text and no calls. */
  asText?: boolean;
  /** As if a turn of this role followed. */
  followedBy?: "user" | "tool";
}

/** Gives the skeleton of the first `count` messages, as a prompt or as a complete conversation. */
export type SkeletonOf = (count: number, isPrompt: boolean, options?: PartialSkeleton) => Skeleton | null;

/**
 * Describes each message's turn. `whole` is the skeleton of the whole conversation. For other roles than the
 * assistant only the end is found.
 */
export function turnsOf(
  messages: readonly Message[],
  whole: Skeleton,
  skeletonOf: SkeletonOf,
  { bosId, eosId }: { bosId: number | null; eosId: number | null },
): Turn[] {
  return messages.map(({ role, tool_calls }, i) => {
    if (tool_calls !== undefined) return callingTurn(i, messages.length, whole, { skeletonOf, bosId });
    const after = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content") + 1;
    const literal = whole.literals[after]!;
    const isLast = i === messages.length - 1;
    const follows = whatFollows(i, messages.length, skeletonOf);
    const start = role === "assistant" ? startOf(i, whole, skeletonOf) : "content";
    const own = ownEnd({ i, after, start, follows }, whole, skeletonOf, eosId);
    const isOpen = role === "assistant" && !own;
    // A template that ends its last answer in another way than the others is refused, unless the others end
    // as turns of other roles do (gpt-oss: <|return|> for the last, <|end|> for all else).
    const end =
      own ??
      (isOpen && follows?.trim() === "" ? opener(literal, bosId) : undefined) ??
      (isOpen && !isLast ? sharedEnd(i, messages, whole) : undefined);
    return {
      start,
      end: end ? { literal: after, offset: end.end, start: end.start } : null,
      endId: end?.id ?? null,
      appended:
        isOpen && isLast ? nextOpener(i, literal.text, { skeletonOf, bosId, followedBy: "user" }) : null,
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
function callingTurn(
  i: number,
  count: number,
  whole: Skeleton,
  { skeletonOf, bosId }: { skeletonOf: SkeletonOf; bosId: number | null },
): Turn {
  const calls = callsIn(i, whole.parts);
  const plain = skeletonOf(i + 1, false, { asText: true });
  const prompt = skeletonOf(i, true);
  const begins = plain && prompt && promptEnd(prompt, whole) ? startOf(i, plain, skeletonOf) : "content";
  const start = begins === "content" ? { refused: anotherPrompt(i, prompt, whole) } : begins;
  const isPast = ({ literal, offset }: At): boolean =>
    literal >= calls.after && ("refused" in start || literal > start.literal || offset >= start.offset);
  const specials = whole.literals
    .slice(0, calls.to + 1)
    .flatMap((one, literal) => one.specials.map((special) => ({ literal, ...special })))
    .filter(({ literal, start }) => isPast({ literal, offset: start }));
  const textEnd = plain?.literals.at(-1)?.specials[0]?.id;
  const last = whole.literals[calls.to]!;
  const same = sameAsLast(i, count, last, calls.to, skeletonOf);
  const isLast = i === count - 1;
  // GLM: nothing ends a call but the token of the tool's turn.
  const next = isLast
    ? undefined
    : last.specials.find((one) => one.start >= same && last.text.slice(same, one.start).trim() === "");
  const end =
    specials.find(({ id }) => id === textEnd) ??
    specials.findLast(({ literal, end }) => literal < calls.to || end <= same) ??
    (next && next.id !== bosId ? { literal: calls.to, ...next } : undefined);
  return {
    start,
    end: end ? { literal: end.literal, offset: end.end, start: end.start } : null,
    endId: end?.id ?? null,
    appended: isLast && !end ? nextOpener(i, last.text, { skeletonOf, bosId, followedBy: "tool" }) : null,
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

/**
 * The answer begins where its prompt ends. Special tokens between there and the content (gpt-oss' channel)
 * are the model's to write, but not those of a template that has no generation prompt: there the header is
 * forgotten.
 */
function startOf(i: number, whole: Skeleton, skeletonOf: SkeletonOf): Turn["start"] {
  const first = whole.parts.findIndex(({ message }) => message === i);
  const content = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content");
  const prompt = skeletonOf(i, true);
  const start = prompt && prompt.parts.length === first ? promptEnd(prompt, whole) : null;
  if (!prompt || !start) {
    // A conversation that starts with an answer, in a template that has no prompt for this.
    if (i === 0) return "content";
    return { refused: anotherPrompt(i, prompt, whole) };
  }
  const header = whole.literals
    .slice(first, content + 1)
    .flatMap(({ specials, text }, k) =>
      specials
        .filter((one) => k > 0 || one.start >= start.offset)
        .map(({ id, start, end }) => ({ id, text: text.slice(start, end) })),
    )[0];
  if (header === undefined) return start;
  if (i === 0) return "content";
  const without = skeletonOf(i, false)?.literals.at(-1)?.text;
  // A token that opens other turns, too, is a header; one that opens answers alone is part of them.
  const opensTurns = whole.literals
    .slice(0, first)
    .some(({ specials }) => specials.some(({ id }) => id === header.id));
  if (without !== prompt.literals.at(-1)!.text || !opensTurns) return start;
  return {
    refused:
      `expected the generation prompt to go up to the answer, got a template without one: the special token ${JSON.stringify(header.text.trim())} of the answer's ` +
      "header would be trained and generated. Use a chat_template.jinja that writes the header where " +
      "add_generation_prompt is true.",
  };
}

/** Says where the prompt of message i leaves what the whole conversation has there. */
function anotherPrompt(i: number, prompt: Skeleton | null, whole: Skeleton): string {
  const said = (literal: string, at: number) => JSON.stringify(literal.slice(at, at + 30));
  const k = prompt?.literals.findIndex(({ text }, n) => {
    const other = whole.literals[n]?.text ?? "";
    return n === prompt.literals.length - 1 ? !other.startsWith(text) : other !== text;
  });
  const [asked, written] = [prompt?.literals[k ?? 0]?.text, whole.literals[k ?? 0]?.text];
  const differs = asked !== undefined && written !== undefined && k !== undefined && k >= 0;
  const at = differs ? sharedLength(asked, written) : 0;
  const has = differs && written.length === at ? "the message itself" : differs && said(written, at);
  const where = differs ? `one with ${said(asked, at)} where the whole has ${has}` : "another text";
  return (
    `expected the prompt of message ${i} to be how the whole conversation begins, got ${where}: training and ` +
    "generation would not see the same. Use a chat_template.jinja that writes both alike."
  );
}

/**
 * Where a prompt ends in the whole conversation that it begins; null where it begins another. White space at
 * the end of a prompt may be missing in the whole: templates open a thought with `<think>\n` and write an
 * empty one as `<think></think>`.
 */
function promptEnd(prompt: Skeleton, whole: Skeleton): At | null {
  const literal = prompt.parts.length;
  const isSame = prompt.parts.every(
    ({ message, kind }, k) =>
      whole.parts[k]?.message === message &&
      whole.parts[k]?.kind === kind &&
      whole.literals[k]!.text === prompt.literals[k]!.text,
  );
  const [asked, written] = [prompt.literals[literal]!.text, whole.literals[literal]?.text];
  if (!isSame || written === undefined) return null;
  const offset = sharedLength(asked, written);
  return asked.slice(offset).trim() === "" ? { literal, offset } : null;
}

/** What the template writes after message i when it is the last one; null when it really is the last one. */
function whatFollows(i: number, count: number, skeletonOf: SkeletonOf): string | null {
  if (i === count - 1) return null;
  const turn = skeletonOf(i + 1, false);
  return turn?.parts.at(-1)?.message === i ? turn.literals.at(-1)!.text : "";
}

/**
 * The first special token after content i, never one that opens the next turn: only text that stays the same
 * when nothing follows is searched. With EOS right behind it in every turn (Command A), both are the end.
 */
function ownEnd(
  { i, after, start, follows }: { i: number; after: number; start: Turn["start"]; follows: string | null },
  { literals }: Skeleton,
  skeletonOf: SkeletonOf,
  eosId: number | null,
): Literal["specials"][0] | undefined {
  const { text, specials } = literals[after]!;
  const same = follows === null ? text.length : sharedLength(text, follows);
  const at = specials.findIndex(({ end }) => end <= same);
  const [first, second] = at < 0 ? [] : specials.slice(at);
  // A template that always opens another answer (GLM Edge) has not ended this one.
  if (first && first.id !== eosId && typeof start === "object" && "literal" in start) {
    const opened = literals[start.literal]!;
    const opens = opened.specials.findLast(({ end }) => end <= start.offset);
    const header = opens && opened.text.slice(opens.start, start.offset);
    if (header !== undefined && text.slice(first.start) === header) return undefined;
  }
  if (!first || second?.id !== eosId || first.id === eosId || second.start !== first.end) return first;
  const always = follows ?? skeletonOf(i + 1, false, { followedBy: "user" })?.literals[after]?.text ?? "";
  return second.end <= sharedLength(text, always) ? { ...second, start: first.start } : first;
}

/**
 * The special token that opens the next turn, with nothing but white space before it. Not BOS: it begins
 * texts, and a model that writes it has not said that its answer is over.
 */
function opener(
  { text, specials: [first] }: Literal,
  bosId: number | null,
): Literal["specials"][0] | undefined {
  return first && first.id !== bosId && text.slice(0, first.start).trim() === "" ? first : undefined;
}

/** The special token right after answer i, if a turn before it that is no answer ends with the same. */
function sharedEnd(
  i: number,
  messages: readonly Message[],
  { parts, literals }: Skeleton,
): Literal["specials"][0] | undefined {
  const after = (message: number): Literal["specials"][0] | undefined => {
    const part = parts.findIndex((one) => one.message === message && one.kind === "content");
    const [first] = part < 0 ? [] : literals[part + 1]!.specials;
    return first?.start === 0 ? first : undefined;
  };
  const end = after(i);
  const others = messages
    .slice(0, i)
    .flatMap(({ role }, k) => (role === "assistant" ? [] : (after(k)?.id ?? [])));
  return end && others.includes(end.id) ? end : undefined;
}

/**
 * What would open a user's turn after the last answer, beside what the template has written there already.
 */
function nextOpener(
  i: number,
  written: string,
  by: { skeletonOf: SkeletonOf; bosId: number | null; followedBy: "user" | "tool" },
): Turn["appended"] {
  const { skeletonOf, bosId, followedBy } = by;
  const next = skeletonOf(i + 1, false, { followedBy });
  const [literal, last] = [next?.literals.at(-2), next?.parts.at(-1)];
  // Counted from the end: the thought of an answer that is no longer the last may be gone.
  if (last?.message !== i + 1 || last.kind !== "content" || !literal?.text.startsWith(written)) return null;
  const first = literal.specials.find(({ start }) => start >= written.length);
  const text = literal.text.slice(written.length, first?.start);
  return first && first.id !== bosId && text.trim() === "" ? { text, id: first.id } : null;
}

/** How many UTF-16 units two texts begin with together. */
export function sharedLength(one: string, other: string): number {
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
