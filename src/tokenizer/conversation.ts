import type { Message } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import { type Located, locate, messagesWithThoughts, notLocated } from "./locate.ts";
import { type Range, type Skeleton, skeletonOf } from "./skeleton.ts";
import type { ChatTemplate } from "./template.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { type TrainOn, trainedMessages } from "./train-on.ts";
import { type At, type Turn, turnsOf } from "./turns.ts";

/** A conversation as its template writes it, and what of it is under loss. */
export interface Conversation {
  located: Located;
  /** In order, not overlapping. */
  trained: Range[];
  /** Where answers begin: text is cut there before it is encoded, trained or not. */
  starts: number[];
  /** Messages that were to be trained and are not, since the template writes them as a model never would. */
  leftOut: number[];
}

/** What is known of all conversations of the same roles: rendered once, not once a conversation. */
interface Shape {
  skeleton: Skeleton;
  turns: Turn[];
}

/** Many conversations have few shapes; where they have many, old ones go. */
const maxShapes = 2_000;

/** A template that lays out conversations of a tokenizer. */
export function createLayout(tokenizer: Tokenizer, template: ChatTemplate) {
  const shapes = new Map<string, Shape | null>();

  const shapeOf = (
    messages: readonly Message[],
    isPrompt: boolean,
    thoughts: ReadonlySet<number>,
  ): Shape | null => {
    const roles = messages.map(({ role }, i) => (thoughts.has(i) ? `${role}+thought` : role));
    const key = `${isPrompt ? "prompt" : "whole"} ${roles.join(" ")}`;
    const known = shapes.get(key);
    if (known !== undefined) return known;
    const skeleton = skeletonOf(tokenizer, template, messages, isPrompt, thoughts);
    const partial = (count: number, isPrompt: boolean): Skeleton | null => {
      try {
        return skeletonOf(tokenizer, template, messages.slice(0, count), isPrompt, thoughts);
      } catch (error) {
        if (error instanceof DataError) return null;
        throw error;
      }
    };
    const shape = skeleton && { skeleton, turns: turnsOf(messages, skeleton, partial) };
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(key, shape);
    return shape;
  };

  /**
   * Renders the conversation as it is and finds its parts again along the shape. Throws DataError for messages
   * that the template refuses, a template that changes content, or when nothing that is to be trained can be.
   */
  return (messages: readonly Message[], isPrompt: boolean, trainOn: TrainOn): Conversation => {
    const text = template.render(messages, isPrompt);
    const thoughts = messagesWithThoughts(messages);
    // Most templates leave thoughts where they are.
    for (const marked of thoughts.size > 0 ? [new Set<number>(), thoughts] : [thoughts]) {
      const shape = shapeOf(messages, isPrompt, marked);
      const located = shape && locate(text, shape.skeleton, messages, marked);
      if (!located) continue;
      return { located, ...trainedRanges(located, shape.turns, messages, trainOn, template.hasGeneration) };
    }
    throw notLocated();
  };
}

function trainedRanges(
  located: Located,
  turns: readonly Turn[],
  messages: readonly Message[],
  trainOn: TrainOn,
  hasGeneration: boolean,
): Omit<Conversation, "located"> {
  const asked = trainedMessages(messages, trainOn);
  const at = ({ literal, offset }: At): number => located.literalStarts[literal]! + offset;
  const startOf = (i: number): number | null => {
    const { start } = turns[i]!;
    if (start === "content") return located.contents[i]!.start;
    return "refused" in start ? null : at(start);
  };
  const starts = messages.flatMap(({ role }, i) => (role === "assistant" ? (startOf(i) ?? []) : []));
  const lastTrained = asked.lastIndexOf(true);
  const ends = new Set(turns.flatMap(({ endId }, i) => (messages[i]!.role === "assistant" ? [endId] : [])));
  const trained: Range[] = [];
  const leftOut: number[] = [];
  let refusal = "";
  for (const [i, { role }] of messages.entries()) {
    const { start, end, endId, generation } = turns[i]!;
    const content = located.contents[i]!;
    const isAnswer = role === "assistant";
    // What ends a turn of another role is an end token where it is one that ends answers.
    const hasEnd = end !== null && ends.has(endId);
    const takesEnd =
      trainOn.eos === "all" ||
      (asked[i]! && (trainOn.eos === "turn" || (trainOn.eos === "last" && i === lastTrained)));
    if (!asked[i]) {
      if (takesEnd && hasEnd) trained.push(endRange(located, end));
    } else if (isAnswer && hasGeneration && generation) {
      const block = { start: at(generation.start), end: at(generation.end) };
      const [from, last] = [startOf(i), end && endRange(located, end)];
      if (from === null || block.start < from || !located.isWhole[i]) {
        refusal ||= typeof start === "object" && "refused" in start ? start.refused : headerInBlock(i);
        leftOut.push(i);
      } else if (last && last.end <= block.end && !takesEnd) trained.push({ ...block, end: last.start });
      else trained.push(block);
    } else if (isAnswer && hasGeneration && messages[i]!.train !== true) {
      // The template says that the model does not generate this one.
    } else if (isAnswer) {
      const from = startOf(i);
      if (from === null || !located.isWhole[i]) {
        refusal ||= typeof start === "object" && "refused" in start ? start.refused : notWhole(i);
        leftOut.push(i);
      } else if (!end && trainOn.eos !== "none") throw noEnd(located, i);
      else
        trained.push({
          start: from,
          end: end ? endRange(located, end)[takesEnd ? "end" : "start"] : content.end,
        });
    } else {
      trained.push({ ...content });
      if (takesEnd && hasEnd) trained.push(endRange(located, end));
    }
  }
  if (trained.length === 0 && leftOut.length > 0) throw new DataError(`chat template: ${refusal}`);
  return { trained, starts, leftOut };
}

function endRange(located: Located, { literal, offset }: At): Range {
  const special = located.skeleton.literals[literal]!.specials.find(({ end }) => end === offset)!;
  const start = located.literalStarts[literal]!;
  return { start: start + special.start, end: start + special.end };
}

function headerInBlock(i: number): string {
  return (
    `expected a {% generation %} block that begins with the answer, got one that begins before it in message ${i}: ` +
    "the answer's header would be trained. Use a chat_template.jinja whose block begins where the prompt ends."
  );
}

function notWhole(i: number): string {
  return `expected all of message ${i} in the text, got it without its thought`;
}

function noEnd({ text, contents }: Located, i: number): DataError {
  const { end } = contents[i]!;
  return new DataError(
    "chat template: expected a special token at the end of an answer, got " +
      `${JSON.stringify(text.slice(end, end + 20))} after message ${i}: the model would never ` +
      "learn to stop. Use a chat_template.jinja that ends answers with the end token, or mix.train_on.eos: none.",
  );
}
