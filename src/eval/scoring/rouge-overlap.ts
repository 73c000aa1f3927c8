/** rouge_score's tokenizer without stemming: lower case, runs of ASCII letters and digits. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/**
 * F-measure of ROUGE-N (Lin 2004, https://aclanthology.org/W04-1013), as rouge_score 0.1.2: clipped n-gram
 * overlap; 0 where either has none.
 */
export function rougeN(prediction: string, target: string, n: number): number {
  const [got, expected] = [ngrams(wordsOf(prediction), n), ngrams(wordsOf(target), n)];
  let shared = 0;
  for (const [gram, count] of expected) shared += Math.min(count, got.get(gram) ?? 0);
  const size = (grams: Map<string, number>): number => [...grams.values()].reduce((a, b) => a + b, 0);
  return fMeasure(shared, size(got), size(expected));
}

/**
 * `table[i][j]`: length of the longest common subsequence of the first i words of `one` and the first j of
 * `other`.
 */
export function lcsTable(one: readonly string[], other: readonly string[]): Int32Array[] {
  const table = [new Int32Array(other.length + 1)];
  for (const [i, word] of one.entries()) {
    const above = table[i]!;
    const row = new Int32Array(other.length + 1);
    for (let j = 1; j <= other.length; j++) {
      row[j] = other[j - 1] === word ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    }
    table.push(row);
  }
  return table;
}

/** Harmonic mean of `shared / got` and `shared / expected`. */
export function fMeasure(shared: number, got: number, expected: number): number {
  if (shared === 0) return 0;
  const [precision, recall] = [shared / got, shared / expected];
  return (2 * precision * recall) / (precision + recall);
}

function ngrams(words: readonly string[], n: number): Map<string, number> {
  const grams = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) {
    const gram = words.slice(i, i + n).join(" ");
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}
