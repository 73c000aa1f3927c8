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
  /** What ends the last answer and the template does not write: trained, after the text. */
  appended: Turn["appended"];
}

type End = NonNullable<Turn["end"]>;

/** A thought that the template leaves out, so that nothing of the conversation is trained. */
export class LostThought extends DataError {}

/** How much of an answer is trained. */
interface AnswerRule {
  takesEnd: boolean;
  /** Whether the template marks what the model generates. */
  hasGeneration: boolean;
  trainOn: TrainOn;
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
  let refusal: DataError | undefined;
  for (const [i, { role }] of messages.entries()) {
    const { start, end, endId } = turns[i]!;
    const takesEnd =
      eos === "all" || (asked[i]! && (eos === "turn" || (eos === "last" && i === lastTrained)));
    if (asked[i] && role === "assistant") {
      const found = answerRanges(laid, i, { takesEnd, hasGeneration, trainOn });
      if (!(found instanceof DataError)) trained.push(...found);
      else {
        refusal ??= typeof start === "object" && "refused" in start ? refused(start.refused) : found;
        leftOut.push(i);
      }
      continue;
    }
    if (asked[i]) trained.push({ ...located.contents[i]! });
    // A turn of another role has an end token if its last token is one that also ends answers.
    if (takesEnd && end !== null && ends.has(endId)) trained.push(endRange(located, end));
  }
  if (trained.length === 0 && refusal) throw refusal;
  const last = messages.length - 1;
  const isEndTrained = asked[last] && !leftOut.includes(last) && eos !== "none";
  const appended = isEndTrained ? turns[last]!.appended : null;
  return { trained, starts: startsOf(laid), leftOut, appended };
}

/** Of a prompt: its earlier answers are split where they begin as in training, and nothing is trained. */
export function nothingTrained(laid: LaidConversation): TrainedRanges {
  return { trained: [], starts: startsOf(laid), leftOut: [], appended: null };
}

function startsOf(laid: LaidConversation): number[] {
  const answers = [...laid.messages.keys()].filter((i) => laid.messages[i]!.role === "assistant");
  return answers.flatMap((i) => startOf(laid, i) ?? []);
}

/** The trained ranges of answer i, in order, or why it cannot be trained. */
function answerRanges(laid: LaidConversation, i: number, rule: AnswerRule): TextRange[] | DataError {
  const { messages, turns } = laid;
  if (!rule.hasGeneration) return wholeAnswer(laid, i, rule);
  if (turns[i]!.generation.length > 0) return generatedBlocks(laid, i, rule);
  // The template marks this message as not generated.
  return messages[i]!.train === true ? wholeAnswer(laid, i, rule) : [];
}

/** The template's own blocks, up to the end token or before it. */
function generatedBlocks(laid: LaidConversation, i: number, rule: AnswerRule): TextRange[] | DataError {
  const { located, turns, messages } = laid;
  const { end, generation, calls, appended } = turns[i]!;
  const from = startOf(laid, i);
  const blocks = generation.map((block) => ({
    start: offsetOf(located, block.start),
    end: offsetOf(located, block.end),
  }));
  const last = end && endRange(located, end);
  if (isThoughtLost(laid, i, rule)) return lostThought(i);
  if (from === null) return refused(`expected a place where message ${i} begins, got none`);
  if (calls !== null && !hasCalls(located, blocks, messages[i]!, located.contents[i]))
    return refused(callsOutside(i));
  const closing = blocks.at(-1)!;
  if (!last && !appended && rule.trainOn.eos !== "none") throw noEnd(located, i);
  // An end token right behind the block is what the model has to write to stop; nothing is generated after
  // it. Of two, the first may be in the block.
  if (last && last.end > closing.end && located.text.slice(closing.end, last.start).trim() === "")
    closing.end = last.end;
  const isCut = (block: TextRange): boolean => last !== null && last.end <= block.end;
  // A block that begins before the prompt ends (SmolLM3's, with the answer's header) is trained from there
  // on.
  const spoken = Math.max(from, afterThought(laid, i, rule) ?? from);
  return blocks
    .map((block) => (isCut(block) ? { ...block, end: last![rule.takesEnd ? "end" : "start"] } : block))
    .map((block) => ({ ...block, start: Math.max(block.start, spoken) }))
    .filter(({ start, end }) => start < end);
}

/** The answer from its beginning to its end token. */
function wholeAnswer(laid: LaidConversation, i: number, rule: AnswerRule): TextRange[] | DataError {
  const { located, turns, messages } = laid;
  const { end, calls, appended } = turns[i]!;
  const content = located.contents[i];
  const start = startOf(laid, i);
  if (isThoughtLost(laid, i, rule)) return lostThought(i);
  if (start === null) return refused(`expected a place where message ${i} begins, got none`);
  if (!end && !appended && (rule.trainOn.eos !== "none" || !content || calls !== null))
    throw noEnd(located, i);
  const last = appended ? located.text.length : content?.end;
  const answer = { start, end: end ? endRange(located, end)[rule.takesEnd ? "end" : "start"] : last! };
  if (calls !== null && !hasCalls(located, [answer], messages[i]!, content)) return refused(callsOutside(i));
  return [{ ...answer, start: afterThought(laid, i, rule) ?? answer.start }];
}

function isThoughtLost({ located }: LaidConversation, i: number, { trainOn }: AnswerRule): boolean {
  return !located.isWhole[i] && trainOn.lostThought !== "keep";
}

/** Where answer i speaks after it thought, when thoughts are not trained. */
function afterThought(laid: LaidConversation, i: number, { trainOn }: AnswerRule): number | null {
  if (trainOn.thoughts) return null;
  const { contents, thoughts, text } = laid.located;
  const [content, thought] = [contents[i], thoughts[i]];
  if (thought) return content?.start ?? thought.end;
  const spoken = content && /^.*<\/think>\s*/s.exec(text.slice(content.start, content.end));
  return spoken ? content.start + spoken[0].length : null;
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

function endRange({ literalStarts }: Located, { literal, offset, start }: End): TextRange {
  const from = literalStarts[literal]!;
  return { start: from + start, end: from + offset };
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

function refused(why: string): DataError {
  return new DataError(`chat template: ${why}`);
}

function lostThought(i: number): DataError {
  return new LostThought(
    `chat template: expected the thought of message ${i} in the text, got the answer without it: training it would ` +
      "teach to answer without thinking. Use a chat_template.jinja that writes reasoning_content, or " +
      "mix.on_lost_thought: keep.",
  );
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
