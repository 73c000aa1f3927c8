/** SQuAD's normalize_answer: lower case, no punctuation (string.punctuation), no articles, single blanks. */
export function normalizeAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, "")
    .replace(/\b(a|an|the)\b/gu, " ")
    .split(/\s+/u)
    .filter(Boolean)
    .join(" ");
}
