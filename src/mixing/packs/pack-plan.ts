import type { Pack } from "../../contracts/pack.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { randomOf } from "../../random.ts";
import { bucketOf } from "../sample/length-buckets.ts";
import type { SequenceTable } from "../sequences/sequence-table.ts";
import type { Sequence } from "../sequences/sequences.ts";
import { assemblePack } from "./assemble.ts";
import { packBestFit } from "./best-fit.ts";
import { lossWeights } from "./loss-weights.ts";

/** Which sequences are in which pack, in the order of the packs. The packs themselves are made one by one. */
export interface PackPlan {
  /** Indices of a table; a repeated sequence is there several times. */
  chosen: readonly number[];
  /** For each pack, indices of `chosen`. */
  bins: readonly (readonly number[])[];
  /** Loss weight of each one chosen. */
  weights: Float32Array;
}

type PlanSpec = Pick<MixSpec, "packing" | "max_seq_tokens" | "loss_weights" | "order" | "length_buckets">;

/**
 * Plans the packs of the chosen sequences, in random order. `order: curriculum` packs sequences of one length
 * bucket together, short ones first; `longest_first` puts the fullest pack first, and among equals the one
 * with the longest sequence.
 */
export function planPacks(
  table: SequenceTable,
  chosen: readonly number[],
  mix: PlanSpec,
  seed: number,
): PackPlan {
  const weights = lossWeights(
    mix.loss_weights,
    chosen.map((i) => ({ dataset: table.dataset(i), supervised: table.supervised(i) })),
  );
  const lengths = Int32Array.from(chosen, (i) => table.tokens(i));
  const groups =
    mix.order === "curriculum"
      ? [...Map.groupBy(lengths.keys(), (i) => bucketOf(lengths[i]!, mix.length_buckets)).values()]
      : [[...lengths.keys()]];
  const bins = groups.flatMap((group) => {
    if (mix.packing === "none") return group.map((i) => [i]);
    const packs = packBestFit(
      group.map((i) => lengths[i]!),
      mix.max_seq_tokens,
    );
    return packs.map((pack) => pack.map((k) => group[k]!));
  });
  randomOf(seed, "pack order").shuffle(bins);
  const longest = (bin: readonly number[]): number => bin.reduce((n, i) => Math.max(n, lengths[i]!), 0);
  const total = (bin: readonly number[]): number => bin.reduce((n, i) => n + lengths[i]!, 0);
  if (mix.order === "curriculum") bins.sort((a, b) => longest(a) - longest(b));
  if (mix.order === "longest_first" && bins.length > 0) {
    const isMore = (a: readonly number[], b: readonly number[]): boolean =>
      total(a) > total(b) || (total(a) === total(b) && longest(a) > longest(b));
    const first = bins.reduce((best, bin, k) => (isMore(bin, bins[best]!) ? k : best), 0);
    [bins[0], bins[first]] = [bins[first]!, bins[0]!];
  }
  return { chosen, bins, weights };
}

/**
 * The packs of a plan, one by one. `onPack` is called before each with how many are done, and once after the
 * last.
 */
export function* packsOf(
  table: SequenceTable,
  { chosen, bins, weights }: PackPlan,
  onPack: (done: number) => void = () => {},
): Generator<{ pack: Pack; sequences: Sequence[] }> {
  for (const [done, bin] of bins.entries()) {
    onPack(done);
    const sequences = bin.map((i) => table.read(chosen[i]!));
    const pack = assemblePack(
      sequences,
      bin.map((i) => weights[i]!),
    );
    yield { pack, sequences };
  }
  onPack(bins.length);
}
