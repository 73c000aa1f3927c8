import { pick, shuffled } from "../../choice.ts";
import type { Draft } from "../../draft.ts";
import type { BuildOptions, DatasetEntry } from "../../entry.ts";
import { promptDraft, type Question, questionDraft } from "../../synthesize/draft.ts";
import { passageAround, sizes } from "../../synthesize/passage.ts";
import {
  beginning,
  contextSize,
  lengthsOf,
  type Prose,
  type ProsePlan,
  passageFrom,
  proseDrafts,
  proseOf,
} from "../../synthesize/prose.ts";
import { provenanceOf, readVendored } from "../../vendored.ts";

interface ChapterRow {
  id: string;
  file: string;
  chapter: number | null;
  title: string;
  text: string;
}

interface Chapter extends Prose {
  chapter: number | null;
  /** Null where the source's title is missing, or cut at the end of a printed line. */
  shortTitle: string | null;
}

const plan: ProsePlan = {
  shortQuestions: { complete_sentence: 3, cloze: 3, quote: 2, next_sentence: 1 },
  longQuestions: { complete_sentence: 1, cloze: 1, quote: 1, next_sentence: 1 },
  shortSummaries: 1,
  longSummaries: 1,
  shortContinuations: 2,
  longContinuations: 1,
};

export const mobyDick: DatasetEntry = {
  id: "moby-dick",
  title: "Moby Dick by chapter: questions, titles, writing",
  description:
    "135 chapters and the epilogue. Questions ask for words, sentences, who speaks a line and the " +
    "chapter's number or title (from its heading); every answer stands in the context. Summaries are " +
    "the chapter's title as Melville wrote it, or the passage's own sentences that share most words " +
    "with the rest (gap sentences). Writing continues a passage or writes the chapter from its title " +
    "and opening.",
  ...provenanceOf("moby-dick"),
  tasks: ["qa", "summarization", "writing"],
  lengths: ["short", "long"],
  templated: true,
  documents,
  async *examples(options) {
    const all = await Array.fromAsync(documents());
    for (const chapter of all) {
      // Etymology and extracts are lists of quotations, not prose to ask about.
      const prose = chapter.chapter !== null || chapter.id === "moby-dick/epilogue";
      yield { document: chapter, drafts: prose ? drafts(chapter, all, options) : [] };
    }
  },
};

async function* documents(): AsyncGenerator<Chapter> {
  let row = 0;
  for await (const { id, file, chapter, title, text } of readVendored<ChapterRow>("moby-dick")) {
    const prose = proseOf({ id: `moby-dick/${id}`, row: row++, file, title, text });
    const whole = chapter !== null && /[.?!]$/.test(title);
    yield { ...prose, chapter, shortTitle: whole ? title.replace(/\.$/, "") : null };
  }
}

function* drafts(chapter: Chapter, all: readonly Chapter[], options: BuildOptions): Generator<Draft> {
  yield* proseDrafts(chapter, plan, options);
  for (const length of lengthsOf(chapter, options)) {
    if (options.tasks.has("qa")) yield* chapterQuestions(chapter, all, length, options);
    if (options.tasks.has("summarization")) yield* titles(chapter, length, options);
  }
  if (options.tasks.has("writing") && options.lengths.has("long")) yield* wholeChapter(chapter, options);
}

function* chapterQuestions(
  chapter: Chapter,
  all: readonly Chapter[],
  length: "short" | "long",
  options: BuildOptions,
): Generator<Draft> {
  const size = contextSize(length, `${chapter.id}/questions`, 0, options);
  yield* speakerQuestions(chapter, length, size);
  const heading = headingQuestion(chapter, all, length, size);
  if (heading !== null) yield heading;
}

/** Who says a line: at most two lines of the chapter. */
function* speakerQuestions(chapter: Chapter, length: "short" | "long", size: number): Generator<Draft> {
  const { id, text, sentences } = chapter;
  const lines = shuffled(spokenLines(chapter), `${id}/${length}/speaker`).slice(0, 2);
  for (const [n, line] of lines.entries()) {
    const name = `${length}-speaker-${n}`;
    const key = `${id}/${name}`;
    const passage = passageAround(text, sentences, line.sentence, size, key);
    const start = passage.text.indexOf(line.text);
    if (start < 0 || passage.text.indexOf(line.said, start + 2) >= 0) continue;
    const wordings = [`Who says “${line.said}”?`, `Whose words are these? “${line.said}”`];
    const others = speakers.filter((s) => s !== line.speaker);
    yield questionDraft(chapter, name, length, passage.text, [
      {
        kind: "speaker",
        question: pick(wordings, `${key}/wording`),
        answer: line.speaker,
        distractors: shuffled(others, `${key}/others`),
        evidence: [{ start, end: start + line.text.length }],
      },
    ]);
  }
}

/** The chapter's number or title, from its heading; null for a chapter without them. */
function headingQuestion(
  chapter: Chapter,
  all: readonly Chapter[],
  length: "short" | "long",
  size: number,
): Draft | null {
  const { id, chapter: number, shortTitle } = chapter;
  if (number === null || shortTitle === null) return null;
  const heading = `Chapter ${number}. ${shortTitle}`;
  const context = `${heading}\n\n${beginning(chapter, size).text}`;
  const evidence = [{ start: 0, end: heading.length }];
  const others = shuffled(all, `${id}/${length}/others`).filter((other) => other.shortTitle !== null);
  const wordings = ["What is the title of this chapter?", "What is this chapter called?"];
  const titles = new Set(others.map((other) => other.shortTitle!));
  const questions: Question[] = [
    {
      kind: "heading",
      question: "What is the number of this chapter?",
      answer: String(number),
      distractors: others.flatMap((c) => (c.chapter === number ? [] : [String(c.chapter)])),
      evidence,
    },
    {
      kind: "heading",
      question: pick(wordings, `${id}/title`),
      answer: shortTitle,
      distractors: [...titles].filter((title) => title !== shortTitle),
      evidence,
    },
  ];
  const question = pick(questions, `${id}/${length}/heading`);
  return questionDraft(chapter, `${length}-heading`, length, context, [question]);
}

const speakers = [
  "Ahab",
  "Starbuck",
  "Stubb",
  "Flask",
  "Queequeg",
  "Peleg",
  "Bildad",
  "Pip",
  "Fedallah",
  "Gardiner",
];
const spoken =
  /"([^"\n]{12,160})[,!?.—-]+" (?:said|cried|exclaimed|muttered|murmured|shouted|roared|answered) (?:old )?([A-Z][a-z]+)\b/g;

/** Lines whose speaker is named right after them: “…” cried Stubb. */
function spokenLines(chapter: Chapter): { text: string; said: string; speaker: string; sentence: number }[] {
  return [...chapter.text.matchAll(spoken)].flatMap((match) => {
    const [text, said = "", speaker = ""] = match;
    const sentence = chapter.sentences.findIndex(
      (range) => range.start <= match.index && match.index < range.end,
    );
    return speakers.includes(speaker) && !said.includes(speaker) && sentence >= 0
      ? [{ text, said, speaker, sentence }]
      : [];
  });
}

const titleFrames = [
  "Give this chapter a title.\n\n{document}",
  "{document}\n\nWhat would be a good title for this text?",
  "Sum up this text in a short title.\n\n{document}",
] as const;

function* titles(chapter: Chapter, length: "short" | "long", options: BuildOptions): Generator<Draft> {
  if (chapter.shortTitle === null) return;
  const size = length === "short" ? sizes.short : options.maxChars;
  const shape = { task: "summarization", kind: "title", length, frames: titleFrames } as const;
  yield promptDraft(
    chapter,
    `${length}-title`,
    shape,
    { document: beginning(chapter, size).text },
    chapter.shortTitle,
  );
}

const chapterFrames = [
  "Write the chapter of Moby Dick with the title “{title}”. It begins:\n\n{document}",
  "A chapter called “{title}” opens like this. Write the rest of it.\n\n{document}",
] as const;

function* wholeChapter(chapter: Chapter, options: BuildOptions): Generator<Draft> {
  if (chapter.shortTitle === null || chapter.text.length < sizes.longMinimum + 800) return;
  const opening = beginning(chapter, 400);
  const size = contextSize("long", `${chapter.id}/whole`, 0, options);
  const answer = passageFrom(chapter, opening.sentences.length, size).text;
  const shape = {
    task: "writing",
    kind: "chapter_from_opening",
    length: "long",
    frames: chapterFrames,
  } as const;
  yield promptDraft(
    chapter,
    "long-chapter",
    shape,
    { title: chapter.shortTitle, document: opening.text },
    answer,
  );
}
