import { pick } from "../choice.ts";
import type { Question } from "./draft.ts";
import { sentenceRanges } from "./sentences.ts";
import { askAbout, type TextQuestionKind } from "./text-questions.ts";

const kinds: readonly TextQuestionKind[] = ["cloze", "complete_sentence"];

/** At most `count` different questions on a whole text, each on another sentence. */
export function questionsOn(text: string, count: number, key: string): Question[] {
  const sentences = sentenceRanges(text);
  const questions: Question[] = [];
  const asked = new Set<number>();
  for (let attempt = 0; questions.length < count && attempt < 4 * count + 4; attempt++) {
    const kind = pick(kinds, `${key}/kind/${attempt}`);
    const found = askAbout(text, sentences, kind, Number.POSITIVE_INFINITY, `${key}/question/${attempt}`);
    if (found === null) continue;
    // The passage is the text from its first sentence on: evidence is moved by what stands before.
    const offset = sentences[0]!.start;
    const evidence = found.question.evidence.map((r) => ({ start: r.start + offset, end: r.end + offset }));
    const start = evidence[0]?.start ?? -1;
    if (asked.has(start)) continue;
    asked.add(start);
    questions.push({ ...found.question, evidence });
  }
  return questions;
}
