/** ASCII punctuation: Python's `string.punctuation`. */
const punctuation = /[!-/:-@[-`{-~]/g;
/**
 * What Python's `str.split` takes for white space. JavaScript's \s lacks the separators of ASCII and includes
 * the byte order mark.
 */
const blanks = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
/** With Python's word boundaries, which count letters of every script. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/**
 * SQuAD's normalize_answer: lower case, no punctuation, no articles, single spaces
 * (https://rajpurkar.github.io/SQuAD-explorer, evaluate-v1.1.py).
 */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(punctuation, "")
    .replace(articles, " ")
    .split(blanks)
    .filter(Boolean)
    .join(" ");
}
