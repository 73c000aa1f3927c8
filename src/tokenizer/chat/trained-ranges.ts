import type { Message } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import type { Located } from "./locate.ts";
import type { TextRange } from "./skeleton.ts";
import { callPieces, hasPieces } from "./tools/call-pieces.ts";
import { type TrainOn, trainedMessages } from "./train-on.ts";
import type { At, Turn } from "./turns.ts";

/** A conversation as its template wrote it: the text, and where each of its messages is. */
export interface LaidConversation {
  located: Located;
  turns: readonly Turn[];
  messages: readonly Message[];
}

export interface TrainedRanges {
  /** In order, not overlapping. */
  trained: TextRange[];
  /** Where answers begin. The text is split there before it is encoded, whether trained or not. */
  starts: number[];
  /**
   * Messages that should have been trained but are not, because the template does not write them as a model
   * would.
   */
  leftOut: number[];
}

/** How much of an answer is trained. */
interface AnswerRule {
  takesEnd: boolean;
  /** Whether the template marks what the model generates. */
  hasGeneration: boolean;
  eos: TrainOn["eos"];
}

/**
 * Which parts of a conversation are trained. Throws DataError where an answer has no end token to learn, and
 * when nothing that should be trained can be.
 */
export function trainedRanges(
  laid: LaidConversation,
  trainOn: TrainOn,
  hasGeneration: boolean,
): TrainedRanges {
  const { located, turns, messages } = laid;
  const { eos } = trainOn;
  const asked = trainedMessages(messages, trainOn);
  const lastTrained = asked.lastIndexOf(true);
  const answers = [...messages.keys()].filter((i) => messages[i]!.role === "assistant");
  const ends = new Set(answers.map((i) => turns[i]!.endId));
  const trained: TextRange[] = [];
  const leftOut: number[] = [];
  let refusal = "";
  for (const [i, { role }] of messages.entries()) {
    const { start, end, endId } = turns[i]!;
    const takesEnd =
      eos === "all" || (asked[i]! && (eos === "turn" || (eos === "last" && i === lastTrained)));
    if (asked[i] && role === "assistant") {
      const found = answerRanges(laid, i, { takesEnd, hasGeneration, eos });
      if (typeof found !== "string") trained.push(...found);
      else {
        refusal ||= typeof start === "object" && "refused" in start ? start.refused : found;
        leftOut.push(i);
      }
      continue;
    }
    if (asked[i]) trained.push({ ...located.contents[i]! });
    // A turn of another role has an end token if its last token is one that also ends answers.
    if (takesEnd && end !== null && ends.has(endId)) trained.push(endRange(located, end));
  }
  if (trained.length === 0 && leftOut.length > 0) throw new DataError(`chat template: ${refusal}`);
  return { trained, starts: answers.flatMap((i) => startOf(laid, i) ?? []), leftOut };
}

/** The trained ranges of answer i, or why it cannot be trained. */
function answerRanges(laid: LaidConversation, i: number, rule: AnswerRule): TextRange[] | string {
  const { messages, turns } = laid;
  if (!rule.hasGeneration) return wholeAnswer(laid, i, rule);
  if (turns[i]!.generation.length > 0) return generatedBlocks(laid, i, rule);
  // The template marks this message as not generated.
  return messages[i]!.train === true ? wholeAnswer(laid, i, rule) : [];
}

/** The template's own blocks, without the end token when that is not trained. */
function generatedBlocks(laid: LaidConversation, i: number, { takesEnd }: AnswerRule): TextRange[] | string {
  const { located, turns, messages } = laid;
  const { end, generation, calls } = turns[i]!;
  const from = startOf(laid, i);
  const blocks = generation.map((block) => ({
    start: offsetOf(located, block.start),
    end: offsetOf(located, block.end),
  }));
  const last = end && endRange(located, end);
  if (from === null || blocks[0]!.start < from || !located.isWhole[i]) return headerInBlock(i);
  if (calls !== null && !hasCalls(located, blocks, messages[i]!, located.contents[i])) return callsOutside(i);
  const isCut = (block: TextRange): boolean => last !== null && last.end <= block.end && !takesEnd;
  return blocks.map((block) => (isCut(block) ? { ...block, end: last!.start } : block));
}

/** The answer from its beginning to its end token. */
function wholeAnswer(laid: LaidConversation, i: number, { takesEnd, eos }: AnswerRule): TextRange[] | string {
  const { located, turns, messages } = laid;
  const { end, calls } = turns[i]!;
  const content = located.contents[i];
  const start = startOf(laid, i);
  if (start === null || !located.isWhole[i]) return notWhole(i);
  if (!end && (eos !== "none" || !content || calls !== null)) throw noEnd(located, i);
  const answer = { start, end: end ? endRange(located, end)[takesEnd ? "end" : "start"] : content!.end };
  if (calls !== null && !hasCalls(located, [answer], messages[i]!, content)) return callsOutside(i);
  return [answer];
}

/** Where answer i begins in the text; null where that place does not exist. */
function startOf({ located, turns }: LaidConversation, i: number): number | null {
  const { start } = turns[i]!;
  if (start === "content") return located.contents[i]?.start ?? null;
  return "refused" in start ? null : offsetOf(located, start);
}

function offsetOf({ literalStarts }: Located, { literal, offset }: At): number {
  return literalStarts[literal]! + offset;
}

function endRange(located: Located, { literal, offset }: At): TextRange {
  const special = located.skeleton.literals[literal]!.specials.find(({ end }) => end === offset)!;
  const start = located.literalStarts[literal]!;
  return { start: start + special.start, end: start + special.end };
}

/** Whether the calls are inside these ranges, not counting the message's own text. */
function hasCalls(
  { text }: Located,
  ranges: readonly TextRange[],
  { tool_calls: calls = [] }: Message,
  content: TextRange | undefined,
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
  return (
    `expected the tool calls of message ${i} inside its answer, got them in another place: they would ` +
    "not be trained"
  );
}

function headerInBlock(i: number): string {
  return (
    "expected a {% generation %} block that begins with the answer, got one that begins before it in " +
    `message ${i}: the answer's header would be trained. Use a chat_template.jinja whose block begins ` +
    "where the prompt ends."
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
      "learn to stop. Use a chat_template.jinja that ends answers with the end token, or " +
      "mix.train_on.eos: none.",
  );
}
