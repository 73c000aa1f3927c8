/** rouge_score's tokenizer without stemming: lower case, runs of ASCII letters and digits. */
const tokensOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** F-measure of ROUGE-N (Lin 2004), as rouge_score 0.1.2: clipped n-gram overlap; 0 where either has none. */
export function rougeN(prediction: string, target: string, n: number): number {
  const [got, expected] = [ngrams(tokensOf(prediction), n), ngrams(tokensOf(target), n)];
  let shared = 0;
  for (const [gram, count] of expected) shared += Math.min(count, got.get(gram) ?? 0);
  const size = (grams: Map<string, number>): number => [...grams.values()].reduce((a, b) => a + b, 0);
  return fMeasure(shared, size(got), size(expected));
}

/** F-measure of ROUGE-L: the longest common subsequence of the whole texts. */
export function rougeL(prediction: string, target: string): number {
  const [got, expected] = [tokensOf(prediction), tokensOf(target)];
  let above = new Int32Array(got.length + 1);
  for (const token of expected) {
    const row = new Int32Array(got.length + 1);
    for (let j = 1; j <= got.length; j++) {
      row[j] = got[j - 1] === token ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    }
    above = row;
  }
  return fMeasure(above.at(-1)!, got.length, expected.length);
}

function ngrams(tokens: readonly string[], n: number): Map<string, number> {
  const grams = new Map<string, number>();
  for (let i = 0; i + n <= tokens.length; i++) {
    const gram = tokens.slice(i, i + n).join(" ");
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}

function fMeasure(shared: number, got: number, expected: number): number {
  if (shared === 0) return 0;
  const [precision, recall] = [shared / got, shared / expected];
  return (2 * precision * recall) / (precision + recall);
}
