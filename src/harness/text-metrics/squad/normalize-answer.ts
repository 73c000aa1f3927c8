import { asciiPunctuation, splitBlanks } from "../python-text.ts";

/** With Python's word boundaries, which count letters of every script. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * SQuAD's normalize_answer, which LongBench and HELMET use as well: lower case, no punctuation, no articles,
 * single spaces (https://rajpurkar.github.io/SQuAD-explorer, evaluate-v1.1.py).
 */
export function normalizeAnswer(text: string): string {
  return answerWords(text).join(" ");
}

/** The words of a normalised answer. */
export function answerWords(text: string): string[] {
  return splitBlanks(text.toLowerCase().replace(asciiPunctuation, "").replace(articles, " "));
}
