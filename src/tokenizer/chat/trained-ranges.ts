import type { Message } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { callPieces, hasPieces } from "./call-pieces.ts";
import { hideData } from "./hidden-data.ts";
import { type Located, locate, messagesWithThoughts, notLocated } from "./locate.ts";
import { isSilent, type Range, type Skeleton, skeletonOf } from "./skeleton.ts";
import type { ArgumentsAs, Chat, ChatTemplate } from "./template.ts";
import { createToolCheck, noTools, requireCalls, writingCalls } from "./tool-rendering.ts";
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
interface ChatShape {
  skeleton: Skeleton;
  turns: Turn[];
}

/** Many conversations have few shapes; where they have many, old ones go. */
const maxShapes = 2_000;

/** A template that lays out conversations of a tokenizer. */
export function createLayout(tokenizer: Tokenizer, template: ChatTemplate) {
  const shapes = new Map<string, ChatShape | null>();
  const writesTools = createToolCheck(template);

  const shapeOf = (
    chat: Chat,
    hidden: Chat,
    isPrompt: boolean,
    thoughts: ReadonlySet<number>,
    argumentsAs: ArgumentsAs,
  ): ChatShape | null => {
    const key = shapeKey(chat, isPrompt, thoughts, argumentsAs);
    const known = shapes.get(key);
    if (known !== undefined) return known;
    const skeleton = skeletonOf(tokenizer, template, hidden, isPrompt, thoughts, argumentsAs);
    const partial = (count: number, isPrompt: boolean, asText = false): Skeleton | null => {
      const some = hidden.messages.slice(0, count);
      const last = some.at(-1);
      if (asText && last) some[count - 1] = { role: last.role, content: last.content };
      try {
        return skeletonOf(
          tokenizer,
          template,
          { ...hidden, messages: some },
          isPrompt,
          thoughts,
          argumentsAs,
        );
      } catch (error) {
        if (error instanceof DataError) return null;
        throw error;
      }
    };
    const shape = skeleton && { skeleton, turns: turnsOf(chat.messages, skeleton, partial) };
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(key, shape);
    return shape;
  };

  const layOut = (
    chat: Chat,
    isPrompt: boolean,
    trainOn: TrainOn,
    argumentsAs: ArgumentsAs,
  ): Conversation => {
    const { messages } = chat;
    const text = template.render(chat, isPrompt, argumentsAs);
    const hidden = hideData(tokenizer, chat, argumentsAs);
    const thoughts = messagesWithThoughts(messages);
    // Most templates leave thoughts where they are.
    for (const marked of thoughts.size > 0 ? [new Set<number>(), thoughts] : [thoughts]) {
      const shape = shapeOf(chat, hidden.chat, isPrompt, marked, argumentsAs);
      const located = shape && locate(text, shape.skeleton, messages, marked, hidden.texts);
      if (!located) continue;
      requireCalls(located, shape.turns, messages);
      return { located, ...trainedRanges(located, shape.turns, messages, trainOn, template.hasGeneration) };
    }
    throw notLocated();
  };

  /**
   * Renders the conversation as it is and finds its parts again along the shape. Throws DataError for messages
   * that the template refuses, a template that changes content or leaves out calls or tools, or when nothing that is
   * to be trained can be.
   */
  return (chat: Chat, isPrompt: boolean, trainOn: TrainOn): Conversation => {
    if (chat.tools !== undefined && !writesTools(chat, isPrompt)) throw noTools();
    if (!chat.messages.some(({ tool_calls }) => tool_calls)) return layOut(chat, isPrompt, trainOn, "object");
    return writingCalls((argumentsAs) => layOut(chat, isPrompt, trainOn, argumentsAs));
  };
}

/** Conversations of one key have the same skeleton: the same roles, and of calls and tools the same text. */
function shapeKey(
  { messages, tools }: Chat,
  isPrompt: boolean,
  thoughts: ReadonlySet<number>,
  argumentsAs: ArgumentsAs,
): string {
  const turns = messages.map((message, i) => {
    const { role, tool_calls: calls, tool_call_id: id, name } = message;
    const kind = thoughts.has(i) ? `${role}+thought` : role;
    if (calls === undefined && id === undefined && name === undefined) return kind;
    const said = isSilent(message, thoughts.has(i)) ? message.content : null;
    return `${kind}+${JSON.stringify([calls, id, name, thoughts.has(i) ? said !== null : said])}`;
  });
  const defined = tools === undefined ? "" : ` ${JSON.stringify(tools)}`;
  return `${isPrompt ? "prompt" : "whole"} ${argumentsAs} ${turns.join(" ")}${defined}`;
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
    if (start === "content") return located.contents[i]?.start ?? null;
    return "refused" in start ? null : at(start);
  };
  const starts = messages.flatMap(({ role }, i) => (role === "assistant" ? (startOf(i) ?? []) : []));
  const lastTrained = asked.lastIndexOf(true);
  const ends = new Set(turns.flatMap(({ endId }, i) => (messages[i]!.role === "assistant" ? [endId] : [])));
  const trained: Range[] = [];
  const leftOut: number[] = [];
  let refusal = "";
  for (const [i, { role }] of messages.entries()) {
    const { start, end, endId, generation, calls } = turns[i]!;
    const content = located.contents[i];
    const isAnswer = role === "assistant";
    // What ends a turn of another role is an end token where it is one that ends answers.
    const hasEnd = end !== null && ends.has(endId);
    const takesEnd =
      trainOn.eos === "all" ||
      (asked[i]! && (trainOn.eos === "turn" || (trainOn.eos === "last" && i === lastTrained)));
    const from = isAnswer ? startOf(i) : null;
    const leaveOut = (why: string): void => {
      refusal ||= typeof start === "object" && "refused" in start ? start.refused : why;
      leftOut.push(i);
    };
    if (!asked[i]) {
      if (takesEnd && hasEnd) trained.push(endRange(located, end));
    } else if (isAnswer && hasGeneration && generation.length > 0) {
      const blocks = generation.map((block) => ({ start: at(block.start), end: at(block.end) }));
      const last = end && endRange(located, end);
      if (from === null || blocks[0]!.start < from || !located.isWhole[i]) leaveOut(headerInBlock(i));
      else if (calls !== null && !hasCalls(located, blocks, messages[i]!, content)) leaveOut(callsOutside(i));
      else {
        const isCut = (block: Range): boolean => last !== null && last.end <= block.end && !takesEnd;
        trained.push(...blocks.map((block) => (isCut(block) ? { ...block, end: last!.start } : block)));
      }
    } else if (isAnswer && hasGeneration && messages[i]!.train !== true) {
      // The template says that the model does not generate this one.
    } else if (isAnswer) {
      if (from === null || !located.isWhole[i]) leaveOut(notWhole(i));
      else if (!end && (trainOn.eos !== "none" || !content || calls !== null)) throw noEnd(located, i);
      else {
        const answer = {
          start: from,
          end: end ? endRange(located, end)[takesEnd ? "end" : "start"] : content!.end,
        };
        if (calls !== null && !hasCalls(located, [answer], messages[i]!, content)) leaveOut(callsOutside(i));
        else trained.push(answer);
      }
    } else {
      trained.push({ ...content! });
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

/** Whether the calls are in these ranges, besides what the message says. */
function hasCalls(
  { text }: Located,
  ranges: readonly Range[],
  { tool_calls: calls = [] }: Message,
  content: Range | undefined,
): boolean {
  const outside = ranges.map(({ start, end }) => {
    const isInside = content !== undefined && start <= content.start && content.end <= end;
    return isInside
      ? text.slice(start, content.start) + text.slice(content.end, end)
      : text.slice(start, end);
  });
  return hasPieces(outside.join(""), callPieces(calls));
}

function callsOutside(i: number): string {
  return `expected the tool calls of message ${i} inside its answer, got them in another place: they would not be trained`;
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
  const end = contents[i]?.end ?? 0;
  return new DataError(
    "chat template: expected a special token at the end of an answer, got " +
      `${JSON.stringify(text.slice(end, end + 20))} after message ${i}: the model would never ` +
      "learn to stop. Use a chat_template.jinja that ends answers with the end token, or mix.train_on.eos: none.",
  );
}
