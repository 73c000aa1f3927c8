import type { MixSpec } from "../../contracts/recipe.ts";

/**
 * The weight of a supervised token of each sequence, so that the mean over all supervised tokens is 1:
 * `token`: 1. `sequence`: every sequence counts the same, mean length / own length (LongAlign, arXiv
 * 2401.18058). `source`: every dataset counts the same. Weights depend on the mix, never on how it is packed.
 */
export function lossWeights(
  kind: MixSpec["loss_weights"],
  sequences: readonly { dataset: string; supervised: number }[],
): Float32Array {
  if (kind === "token") return new Float32Array(sequences.length).fill(1);
  const keyOf = (sequence: { dataset: string }, i: number): string =>
    kind === "sequence" ? `${i}` : sequence.dataset;
  const totals = new Map<string, number>();
  let all = 0;
  for (const [i, sequence] of sequences.entries()) {
    const key = keyOf(sequence, i);
    totals.set(key, (totals.get(key) ?? 0) + sequence.supervised);
    all += sequence.supervised;
  }
  const groups = [...totals.values()].filter((total) => total > 0).length;
  return Float32Array.from(
    sequences,
    (sequence, i) => all / groups / Math.max(1, totals.get(keyOf(sequence, i))!),
  );
}
