/** ASCII punctuation: Python's `string.punctuation`. */
const punctuation = /[!-/:-@[-`{-~]/g;
/** With the word boundaries of Python, which count letters of every script. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * SQuAD's normalize_answer: lower case, no punctuation, no articles, single blanks
 * (https://rajpurkar.github.io/SQuAD-explorer, evaluate-v1.1.py).
 */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(punctuation, "")
    .replace(articles, " ")
    .split(/\s+/u)
    .filter(Boolean)
    .join(" ");
}
