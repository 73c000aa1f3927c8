import { draw, fnv32, pick } from "../choice.ts";
import { leaks, type Question } from "./draft.ts";
import { type Passage, passageAround } from "./passage.ts";
import { type Range, wordsOf } from "./sentences.ts";

/** Questions for any prose, each with an answer that is in the passage word for word. */
export type TextQuestionKind = keyof typeof makers;

const makers = { complete_sentence: completeSentence, cloze, quote, next_sentence: nextSentence } as const;
const tries = 12;

/**
 * A question of the given kind about some sentence of the text, with a passage of at most `maxChars` around
 * it; null when none of the sentences tried is suited to it.
 */
export function askAbout(
  text: string,
  sentences: readonly Range[],
  kind: TextQuestionKind,
  maxChars: number,
  key: string,
): { passage: Passage; question: Question } | null {
  for (let attempt = 0; attempt < tries && sentences.length > 2; attempt++) {
    const target = fnv32(`${key}/target/${attempt}`) % sentences.length;
    const { start, end } = sentences[target]!;
    if (end - start < 40 || end - start > 240) continue;
    const passage = passageAround(text, sentences, target, maxChars, key);
    const question = makers[kind](passage, target - passage.first, key, text);
    if (question && !leaks(question.question, question.answer)) return { passage, question };
  }
  return null;
}

function sentenceText(passage: Passage, index: number): string {
  const range = passage.sentences[index];
  return range ? passage.text.slice(range.start, range.end) : "";
}

function occursOnce(text: string, part: string): boolean {
  const at = text.indexOf(part);
  return at >= 0 && text.indexOf(part, at + 1) < 0;
}

/** The beginning of a sentence is given; its last words are the answer. */
function completeSentence(passage: Passage, index: number, key: string): Question | null {
  const sentence = sentenceText(passage, index);
  const words = [...sentence.matchAll(/\S+/g)];
  if (words.length < 9) return null;
  const cut = words[words.length - 2 - (fnv32(`${key}/words`) % 4)]!.index;
  const head = sentence.slice(0, cut).trimEnd();
  const answer = sentence.slice(cut).replace(/[.!?"'”’)\]]+$/, "");
  if (!occursOnce(passage.text, head) || answer.length < 4) return null;
  const question = pick(
    [
      `Complete the sentence as it stands in the text: ${head} …`,
      `How does this sentence end in the text? ${head} …`,
      `Finish the sentence with the words of the text: ${head} …`,
    ],
    `${key}/wording`,
  );
  return { kind: "complete_sentence", question, answer, evidence: [passage.sentences[index]!] };
}

const blanks = {
  number: /\$?\d[\d,]*(?:\.\d+)?/g,
  name: /(?<=[a-z,;] )[A-Z][a-z]{3,}/g,
  word: /(?<=\s)[a-z]{7,}(?=[\s,;.])/g,
} as const;

/** One word or number of a sentence is blanked; others of the same kind in the text are the wrong choices. */
function cloze(passage: Passage, index: number, key: string, text: string): Question | null {
  const sentence = sentenceText(passage, index);
  for (const pattern of Object.values(blanks)) {
    const found = [...sentence.matchAll(pattern)];
    if (found.length === 0) continue;
    const chosen = pick(found, `${key}/blank`);
    const answer = chosen[0];
    const blanked = `${sentence.slice(0, chosen.index)}____${sentence.slice(chosen.index + answer.length)}`;
    if (leaks(blanked, answer) || !occursOnce(passage.text, sentence)) return null;
    const others = new Set(text.slice(0, 40_000).match(pattern) ?? []);
    others.delete(answer);
    const distractors = draw([...others], 8, `${key}/others`).filter((word) => !leaks(blanked, word));
    const question = pick(
      [
        `Fill in the blank with the word from the text: ${blanked}`,
        `Which word of the text belongs in the blank? ${blanked}`,
        `What stands in the text where the blank is? ${blanked}`,
      ],
      `${key}/wording`,
    );
    return { kind: "cloze", question, answer, distractors, evidence: [passage.sentences[index]!] };
  }
  return null;
}

/** A word that only one sentence of the passage has; that sentence is the answer. */
function quote(passage: Passage, index: number, key: string): Question | null {
  const { start, end } = passage.sentences[index]!;
  const inside = new Map<string, number>();
  const outside = new Set<string>();
  for (const { word, start: at } of wordsOf(passage.text)) {
    if (at < start || at >= end) outside.add(word);
    else if (word.length >= 5) inside.set(word, at);
  }
  const rare = [...inside].filter(([word]) => !outside.has(word));
  if (rare.length === 0) return null;
  const [word, at] = pick(rare, `${key}/word`);
  const asWritten = passage.text.slice(at, at + word.length);
  const question = pick(
    [
      `Quote the sentence that mentions “${asWritten}”.`,
      `Which sentence has the word “${asWritten}” in it?`,
      `Copy the one sentence in which “${asWritten}” occurs.`,
    ],
    `${key}/wording`,
  );
  return { kind: "quote", question, answer: passage.text.slice(start, end), evidence: [{ start, end }] };
}

/** A sentence is given; the one right after it is the answer. */
function nextSentence(passage: Passage, index: number, key: string): Question | null {
  const [sentence, answer] = [sentenceText(passage, index), sentenceText(passage, index + 1)];
  if (answer.length < 30 || answer.length > 240 || !occursOnce(passage.text, sentence)) return null;
  const question = pick(
    [
      `Which sentence comes right after this one? ${sentence}`,
      `What does the text say directly after “${sentence}”?`,
      `Quote the sentence that follows: ${sentence}`,
    ],
    `${key}/wording`,
  );
  const [given, next] = [passage.sentences[index]!, passage.sentences[index + 1]!];
  const distractors = passage.sentences
    .map((range) => passage.text.slice(range.start, range.end))
    .filter((other) => other !== answer && other !== sentence && other.length >= 30 && other.length <= 240);
  return {
    kind: "next_sentence",
    question,
    answer,
    distractors: draw(distractors, 3, `${key}/others`),
    evidence: [{ start: given.start, end: next.end }],
  };
}
