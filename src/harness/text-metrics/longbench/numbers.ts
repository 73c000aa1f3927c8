import { DataError } from "../../../errors.ts";
import { digitRuns } from "../python-text.ts";

/** LongBench's count_score: how many of the numbers in an answer are the right one. */
export function countScore(prediction: string, target: string): number {
  const numbers = digitRuns(prediction);
  return numbers.length === 0 ? 0 : numbers.filter((number) => number === target).length / numbers.length;
}

/** What LongBench's targets of retrieval name: a paragraph by its number. */
const paragraphs = { en: /Paragraph (\p{Nd}+)/u, zh: /段落(\p{Nd}+)/u };

/** Whether a target names a paragraph, as retrieval_score and retrieval_zh_score need. */
export function namesParagraph(target: string, language: "en" | "zh"): boolean {
  return paragraphs[language].test(target);
}

/**
 * LongBench's retrieval_score and retrieval_zh_score: count_score with the paragraph that the target names.
 */
export function retrievalScore(prediction: string, target: string, language: "en" | "zh"): number {
  const number = paragraphs[language].exec(target)?.[1];
  if (number === undefined) {
    const form = language === "en" ? "Paragraph 3" : "段落3";
    throw new DataError(
      `LongBench's retrieval score: expected an answer such as "${form}", got ${JSON.stringify(target.slice(0, 80))}.`,
    );
  }
  return countScore(prediction, number);
}
