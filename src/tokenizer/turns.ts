import type { Message } from "../datasets/example.ts";
import type { Literal, Skeleton } from "./skeleton.ts";

/** A place in what a template writes: an offset into a literal of the skeleton. */
export interface At {
  literal: number;
  offset: number;
}

/** What the skeleton alone says of answer i, for every conversation that has it. */
export interface Turn {
  /**
   * Where the answer begins: the end of its prompt, with which the whole text begins, so that training and
   * generation see the same. What stands between there and the content (Llama's blank) is part of the answer.
   * `content`: a conversation that begins with an answer. Else: why there is no such place.
   */
  start: At | "content" | { refused: string };
  /** Past the end token, the first special token after its content that the template writes when nothing follows. */
  end: At | null;
  endId: number | null;
  /** From the end of `{% generation %}` around its content; null where there is none. */
  generation: { start: At; end: At } | null;
}

/** Gives the skeleton of the first `count` messages, as a prompt or as a conversation that ends there. */
export type SkeletonOf = (count: number, isPrompt: boolean) => Skeleton | null;

/** `whole`: the conversation's. Tells each message's turn; of other roles than the assistant's, only the end. */
export function turnsOf(messages: readonly Message[], whole: Skeleton, skeletonOf: SkeletonOf): Turn[] {
  return messages.map(({ role }, i) => {
    const after = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content") + 1;
    const end = endOf(whole.literals[after]!, whatFollows(i, messages.length, skeletonOf));
    return {
      start: role === "assistant" ? startOf(i, whole, skeletonOf) : "content",
      end: end ? { literal: after, offset: end.end } : null,
      endId: end?.id ?? null,
      generation: generationAround(whole, after),
    };
  });
}

function startOf(i: number, whole: Skeleton, skeletonOf: SkeletonOf): Turn["start"] {
  const first = whole.parts.findIndex(({ message }) => message === i);
  const content = whole.parts.findIndex(({ message, kind }) => message === i && kind === "content");
  const prompt = skeletonOf(i, true);
  if (!prompt || !isPrefix(prompt, whole) || prompt.parts.length !== first) {
    // A conversation that begins with an answer, in a template that has no prompt for that.
    if (i === 0) return "content";
    return {
      refused:
        `expected the prompt of message ${i} to be how the whole conversation begins, got another text: training ` +
        "and generation would not see the same prompt. Use another chat_template.jinja, or mix.train_on.turns: last.",
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
        `${JSON.stringify(text.slice(header.start, header.end).trim())} after it: the answer's header would be ` +
        "trained and generated. Use a chat_template.jinja that writes it where add_generation_prompt is true.",
    };
  }
  return { literal: first, offset };
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

/** What the template writes after message i when it is the last; null: the whole conversation ends there. */
function whatFollows(i: number, count: number, skeletonOf: SkeletonOf): string | null {
  if (i === count - 1) return null;
  const turn = skeletonOf(i + 1, false);
  return turn?.parts.at(-1)?.message === i ? turn.literals.at(-1)!.text : "";
}

/** Never a token that opens the next turn: only as far as the text is the same when nothing follows. */
function endOf({ text, specials }: Literal, follows: string | null): Literal["specials"][0] | undefined {
  let same = follows === null ? text.length : 0;
  while (follows !== null && same < follows.length && follows[same] === text[same]) same++;
  return specials.find(({ end }) => end <= same);
}

/** The block that is open where the content before literal `after` stands. */
function generationAround({ literals }: Skeleton, after: number): Turn["generation"] {
  let open: At | null = null;
  for (const [literal, { generation }] of literals.entries()) {
    for (const { at, isOpen } of generation) {
      if (literal >= after && !isOpen) return open && { start: open, end: { literal, offset: at } };
      if (literal < after) open = isOpen ? { literal, offset: at } : null;
      else return null;
    }
  }
  return null;
}
