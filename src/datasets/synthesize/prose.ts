import { fnv32 } from "../choice.ts";
import type { Draft, SourceDocument } from "../draft.ts";
import type { BuildOptions, Length } from "../entry.ts";
import { promptDraft, questionDraft } from "./draft.ts";
import { gapSentences } from "./gap-sentences.ts";
import { type Passage, passageAround, passageOf, sizes } from "./passage.ts";
import { type Range, sentenceRanges } from "./sentences.ts";
import { askAbout, type TextQuestionKind } from "./text-questions.ts";

/** A document with its sentences found once. */
export interface Prose extends SourceDocument {
  sentences: Range[];
}

export function proseOf(document: SourceDocument): Prose {
  return { ...document, sentences: sentenceRanges(document.text) };
}

/** Examples of a document, by kind; kinds that a text is not suited to are left out. */
export interface ProsePlan {
  shortQuestions: Partial<Record<TextQuestionKind, number>>;
  longQuestions: Partial<Record<TextQuestionKind, number>>;
  shortSummaries: number;
  longSummaries: number;
  shortContinuations: number;
  longContinuations: number;
}

const summaryFrames = {
  short: [
    "Summarize the passage in one sentence.\n\n{document}",
    "{document}\n\nWhat is the main point of this passage, in one sentence?",
    "Write the sentence that best sums up this text.\n\n{document}",
  ],
  long: [
    "Summarize the text in three sentences.\n\n{document}",
    "{document}\n\nSummarize the text above in three sentences.",
    "Give the three most important sentences for this text, in order.\n\n{document}",
  ],
} as const;

const continuationFrames = [
  "Continue the text.\n\n{document}",
  "Write how this text goes on.\n\n{document}",
  "{document}\n\nWrite the next part.",
] as const;

/** What any prose gives: questions, summaries by gap sentences, continuations. */
export function* proseDrafts(prose: Prose, plan: ProsePlan, options: BuildOptions): Generator<Draft> {
  for (const length of lengthsOf(prose, options)) {
    const short = length === "short";
    if (options.tasks.has("qa"))
      yield* questions(prose, length, short ? plan.shortQuestions : plan.longQuestions, options);
    if (options.tasks.has("summarization")) {
      yield* summaries(prose, length, short ? plan.shortSummaries : plan.longSummaries, options);
    }
    if (options.tasks.has("writing")) {
      yield* continuations(prose, length, short ? plan.shortContinuations : plan.longContinuations, options);
    }
  }
}

/** Which of the wanted lengths a document is long enough for. */
export function lengthsOf({ text }: SourceDocument, { lengths }: BuildOptions): Length[] {
  const all: Length[] = text.length < sizes.longMinimum ? ["short"] : ["short", "long"];
  return all.filter((length) => lengths.has(length));
}

/** Size of the context of one example: short is fixed, long goes through `sizes.long` in turn. */
export function contextSize(length: Length, key: string, turn: number, options: BuildOptions): number {
  if (length === "short") return sizes.short;
  const size = sizes.long[(fnv32(key) + turn) % sizes.long.length]!;
  return Math.min(size, options.maxChars);
}

function* questions(
  prose: Prose,
  length: Length,
  counts: ProsePlan["shortQuestions"],
  options: BuildOptions,
): Generator<Draft> {
  let turn = 0;
  for (const [kind, count] of Object.entries(counts) as [TextQuestionKind, number][]) {
    for (let n = 0; n < count; n++, turn++) {
      const name = `${length}-${kind}-${n}`;
      const maxChars = contextSize(length, `${prose.id}/${length}`, turn, options);
      const asked = askAbout(prose.text, prose.sentences, kind, maxChars, `${prose.id}/${name}`);
      if (asked) yield questionDraft(prose, name, length, asked.passage.text, [asked.question]);
    }
  }
}

function* summaries(prose: Prose, length: Length, count: number, options: BuildOptions): Generator<Draft> {
  for (let n = 0; n < count; n++) {
    const name = `${length}-summary-${n}`;
    const size = contextSize(length, `${prose.id}/${name}`, n, options);
    const gap = gapSentences(somewhere(prose, size, name), length === "short" ? 1 : 3);
    if (!gap) continue;
    const shape = {
      task: "summarization",
      kind: "gap_sentences",
      length,
      frames: summaryFrames[length],
    } as const;
    yield promptDraft(prose, name, shape, { document: gap.rest }, gap.summary);
  }
}

function* continuations(
  prose: Prose,
  length: Length,
  count: number,
  options: BuildOptions,
): Generator<Draft> {
  for (let n = 0; n < count; n++) {
    const name = `${length}-continuation-${n}`;
    const size = contextSize(length, `${prose.id}/${name}`, n, options);
    const passage = somewhere(prose, size, name);
    // A short one is half given, half to write; a long one has most of the text before what is to write.
    const given = length === "short" ? passage.text.length / 2 : passage.text.length - 1_500;
    const cut = passage.sentences.findIndex((range) => range.start >= given);
    if (cut < 1) continue;
    const start = passage.sentences[cut]!.start;
    const shape = { task: "writing", kind: "continuation", length, frames: continuationFrames } as const;
    yield promptDraft(
      prose,
      name,
      shape,
      { document: passage.text.slice(0, start).trimEnd() },
      passage.text.slice(start),
    );
  }
}

/** A passage of at most `size` characters anywhere in the text. */
export function somewhere(prose: Prose, size: number, name: string): Passage {
  const target = fnv32(`${prose.id}/${name}/target`) % prose.sentences.length;
  return passageAround(prose.text, prose.sentences, target, size, `${prose.id}/${name}`);
}

/** The first sentences, at most `size` characters (but at least one sentence). */
export function beginning(prose: Prose, size: number): Passage {
  return passageFrom(prose, 0, size);
}

/** The sentences from `first` on, at most `size` characters (but at least one sentence). */
export function passageFrom({ text, sentences }: Prose, first: number, size: number): Passage {
  let end = first + 1;
  while (end < sentences.length && sentences[end]!.end - sentences[first]!.start <= size) end++;
  return passageOf(text, sentences, first, end);
}
