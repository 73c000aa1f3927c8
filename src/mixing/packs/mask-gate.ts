import type { Pack } from "../../contracts/pack.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { GateError } from "../../errors.ts";
import { type AnswerFrame, answerFrame } from "../../tokenizer/chat/answer-frame.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { type Answer, matchesAnswers } from "../sequences/answers.ts";

/** What the gate knows about an example besides its tokens. */
export interface Expected {
  dataset: string;
  /** The texts to be trained, as the example has them; null of plain text, where everything is. */
  answers: readonly Answer[] | null;
}

/** One sequence of a pack, tokens [start, end). */
interface Segment {
  pack: Pack;
  index: number;
  start: number;
  end: number;
}

/** A pack and what its sequences must be, in their order. */
export interface Checkable {
  pack: Pack;
  expected: readonly Expected[];
}

type GateSpec = Pick<MixSpec, "train_on">;

/**
 * Checks the masks of packs, as they will be trained on, and gives the packs out again. A label is its own
 * token, and never at a sequence's first token, which nothing predicts. In chats the text under loss is that
 * of the example's answers, no more (part of the prompt or a header) and no less, and each dataset trains end
 * tokens. In plain text everything is under loss. Every dataset has supervised tokens, which is checked after
 * the last pack. Throws a GateError that shows the wrong sequence, with trained tokens in ⟦ ⟧.
 */
export async function* gated(
  tokenizer: Tokenizer,
  packs: Iterable<Checkable>,
  spec: GateSpec,
): AsyncGenerator<Pack> {
  const ends = new Set(tokenizer.specials.values());
  // Made at the first chat: a tokenizer that only sees plain text may have no chat template.
  let answerText: Promise<AnswerText> | undefined;
  const by = (): Promise<AnswerText> => {
    answerText ??= answerTextOf(tokenizer);
    return answerText;
  };
  const datasets = new Map<string, { supervised: number; ends: number; isChat: boolean; first: Segment }>();
  for (const { pack, expected } of packs) {
    const segments = [...segmentsOf(pack)];
    const runs = segments.map((segment, k) => (expected[k]!.answers === null ? [] : [...runsOf(segment)]));
    const texts = (await tokenizer.decodeBatch(runs.flat())).values();
    for (const [k, segment] of segments.entries()) {
      const { dataset, answers } = expected[k]!;
      const labels = pack.labels.subarray(segment.start, segment.end).filter((label) => label >= 0);
      const problem =
        labelProblem(segment) ??
        (answers === null
          ? wholeProblem(segment, labels.length)
          : await answerProblem(
              await by(),
              runs[k]!.map((ids) => ({ ids, text: texts.next().value! })),
              answers,
              spec.train_on.eos === "all",
            ));
      if (problem) throw await gateError(tokenizer, segment, problem);
      const seen = datasets.get(dataset) ?? { supervised: 0, ends: 0, isChat: false, first: segment };
      datasets.set(dataset, seen);
      seen.isChat ||= answers !== null;
      seen.supervised += labels.length;
      for (const label of labels) if (ends.has(label)) seen.ends++;
    }
    yield pack;
  }
  for (const [name, seen] of datasets) {
    if (seen.supervised === 0)
      throw await gateError(tokenizer, seen.first, `dataset ${name}: expected supervised tokens, got none`);
    if (!seen.isChat || spec.train_on.eos === "none" || seen.ends > 0) continue;
    const problem =
      `dataset ${name}: expected trained end tokens, got none, so the model would never learn to stop. ` +
      "The chat template must end answers with a special token";
    throw await gateError(tokenizer, seen.first, problem);
  }
}

/** `gated` for packs that are only checked. */
export async function checkMasks(
  tokenizer: Tokenizer,
  packs: Iterable<Pack>,
  expectedOf: (exampleId: string) => Expected,
  spec: GateSpec,
): Promise<void> {
  const all = [...packs].map((pack) => ({ pack, expected: pack.sources.map(expectedOf) }));
  for await (const _ of gated(tokenizer, all, spec));
}

function* segmentsOf(pack: Pack): Generator<Segment> {
  let start = 0;
  for (const [index, length] of pack.seq_lengths.entries()) {
    yield { pack, index, start, end: start + length };
    start += length;
  }
}

function labelProblem({ pack, start, end }: Segment): string | null {
  for (let t = start; t < end; t++) {
    const label = pack.labels[t]!;
    if (label < 0) continue;
    if (label !== pack.input_ids[t])
      return "expected labels at their tokens, got a label that is not its token";
    if (t === start) return "expected labels after a first token, got loss on a first token";
  }
  return null;
}

function wholeProblem({ start, end }: Segment, supervised: number): string | null {
  const expected = end - start - 1;
  return supervised === expected ? null : `expected all ${expected} tokens under loss, got ${supervised}`;
}

async function answerTextOf(tokenizer: Tokenizer): Promise<AnswerText> {
  const { specialPattern } = tokenizer;
  return {
    tokenizer,
    frame: await answerFrame(tokenizer),
    bare: (text) =>
      (specialPattern ? text.replaceAll(specialPattern, "") : text)
        .replaceAll(/\s+/gu, "")
        // Qwen 3 writes an empty thought before an answer without one.
        .replaceAll("<think></think>", ""),
  };
}

/** What of a tokenizer and its template the text of answers is compared by. */
interface AnswerText {
  tokenizer: Tokenizer;
  frame: AnswerFrame;
  bare(text: string): string;
}

/**
 * Compares the text of the example's answers with that of the labels, without anything that made the mask.
 * Apart from white space and special tokens, which templates put around answers, and from what the template
 * has the model write before an answer (its frame), both must be the same. Each run of labels must have some
 * text of an answer, and a special token only at its end or in the frame. Tool calls may have other special
 * tokens inside (Mistral's [TOOL_CALLS]), but none that ends an answer.
 */
async function answerProblem(
  by: AnswerText,
  runs: readonly { ids: Int32Array; text: string }[],
  answers: readonly Answer[],
  hasAllEnds: boolean,
): Promise<string | null> {
  const { tokenizer, frame, bare } = by;
  const contents = answers.map((answer) => (typeof answer === "string" ? answer : answer.content));
  const isFree = answers.some((answer) => typeof answer !== "string");
  const names = new Set(tokenizer.specials.values());
  const ends = new Set([tokenizer.eosId, ...runs.map(({ ids }) => ids.at(-1)!)]);
  const inFrame = new Set(
    specialsOf(tokenizer, frame.before + (frame.thought?.before ?? "") + (frame.thought?.between ?? "")),
  );
  const tail = specialsOf(tokenizer, frame.after);
  const specials = isFree ? new Set([...names].filter((id) => ends.has(id))) : names;
  const maySayNothing = hasAllEnds || contents.some((answer) => bare(answer) === "");
  for (const { ids, text: decoded } of runs) {
    const said = ids.subarray(0, ids.length - Math.max(1, tailLength(ids, tail)));
    const special = said.find((id) => specials.has(id) && !inFrame.has(id));
    if (special !== undefined || (bare(decoded) === "" && !maySayNothing)) {
      const what = special === undefined ? decoded : tokenizer.idToToken(special);
      return `expected loss on the answers alone, got it on ${JSON.stringify(what)}, which is between them`;
    }
  }
  const got = runs.map(({ text }) => bare(text));
  if (got.join("") === "") return null;
  const forms = (answer: Answer): string[] => formsOf(answer, by);
  if (matchesAnswers(got, answers, bare, forms)) return null;
  // A tokenizer that changes texts (it normalises them) is compared with what it gives back.
  const back = async (text: string) => tokenizer.decode(await tokenizer.encode(text));
  const again: Answer[] = [];
  for (const answer of answers) {
    if (typeof answer === "string") again.push(await back(answer));
    else {
      const { content, thought, calls } = answer;
      again.push({
        content: await back(content),
        ...(thought !== undefined && { thought: await back(thought) }),
        ...(calls && { calls: await Promise.all(calls.map(back)) }),
      });
    }
  }
  if (matchesAnswers(got, again, bare, forms)) return null;
  const expected = answers.map((answer) =>
    typeof answer === "string"
      ? answer
      : [answer.thought ?? "", answer.content, ...(answer.calls ?? [])].join(" "),
  );
  return `expected loss on the answers alone, ${shown(expected.map(bare).join(""))}, got it on ${shown(got.join(""))}`;
}

/**
 * How an answer may stand under loss: as it is, in the template's frame, without what the prompt has written
 * of it.
 */
function formsOf(answer: Answer, { frame, bare }: AnswerText): string[] {
  const { content, thought } = typeof answer === "string" ? { content: answer } : answer;
  const said = bare(content);
  const forms = [said, bare(frame.before) + said];
  if (frame.isOpened) {
    // The rest of a thought that the prompt has opened: one with words, or an empty one, which `bare` takes
    // away.
    forms.push(said.startsWith("<think>") ? said.slice("<think>".length) : `</think>${said}`);
  }
  // A thought in the text that is not trained, or that was left out by choice.
  const spoken = said.lastIndexOf("</think>");
  if (spoken >= 0) forms.push(said.slice(spoken + "</think>".length));
  if (thought !== undefined && frame.thought) {
    const { before, between } = frame.thought;
    forms.push(bare(before) + bare(thought) + bare(between) + said);
  }
  return forms.sort((a, b) => b.length - a.length);
}

/**
 * How many of the end tokens in `tail` a run ends with, from the first: an answer may have several (Command
 * A).
 */
function tailLength(ids: Int32Array, tail: readonly number[]): number {
  for (let length = tail.length; length > 0; length--) {
    if (tail.slice(0, length).every((id, k) => ids.at(k - length) === id)) return length;
  }
  return 0;
}

/** Special tokens that a text names, in order. */
function specialsOf({ specialPattern, specials }: Tokenizer, text: string): number[] {
  const found = specialPattern ? (text.match(specialPattern) ?? []) : [];
  return found.flatMap((name) => specials.get(name) ?? specials.get(name.trim()) ?? []);
}

/** Runs of labels without a gap. */
function* runsOf({ pack: { labels }, start, end }: Segment): Generator<Int32Array> {
  for (let from = start; from < end; ) {
    let to = from;
    while (to < end && labels[to]! >= 0) to++;
    if (to > from) yield labels.subarray(from, to);
    from = to + 1;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 50)}…${text.slice(-50)}` : text);
}

/** Tokens shown of a wrong sequence, around the place where its loss begins. */
const shownTokens = 200;

async function gateError(tokenizer: Tokenizer, segment: Segment, problem: string): Promise<GateError> {
  const { pack, index, start, end } = segment;
  const first = pack.labels.subarray(start, end).findIndex((label) => label >= 0);
  const from = Math.max(start, start + first - shownTokens / 2);
  let text = from > start ? "…" : "";
  for (let t = from; t < Math.min(end, from + shownTokens); t++) {
    const token = await tokenizer.decode([pack.input_ids[t]!]);
    text += pack.labels[t]! >= 0 ? `⟦${token}⟧` : token;
  }
  return new GateError(`mask gate: ${problem}. Example ${pack.sources[index]}:\n${text}`);
}
