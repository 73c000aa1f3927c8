import { randomOf } from "../random.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { assemblePack } from "./assemble.ts";
import { lossWeights } from "./loss-weights.ts";
import type { Pack } from "./pack.ts";
import { packBestFit } from "./packer.ts";
import type { Sequence } from "./sequences.ts";

/** Which sequences lie in which pack, in the order of the packs. The packs themselves are made one by one. */
export interface PackPlan {
  sequences: readonly Sequence[];
  /** Indices of `sequences`, by pack. */
  bins: readonly (readonly number[])[];
  /** Loss weight of each sequence. */
  weights: Float32Array;
}

export function planPacks(
  sequences: readonly Sequence[],
  mix: Pick<MixSpec, "packing" | "max_seq_tokens" | "loss_weights">,
  seed: number,
): PackPlan {
  const weights = lossWeights(
    mix.loss_weights,
    sequences.map(({ example, supervised }) => ({ dataset: example.source.dataset, supervised })),
  );
  const lengths = sequences.map(({ ids }) => ids.length);
  const bins =
    mix.packing === "none" ? sequences.map((_, i) => [i]) : packBestFit(lengths, mix.max_seq_tokens);
  return { sequences, bins: randomOf(seed, "pack order").shuffle(bins), weights };
}

/** `onPack` is called before each pack with how many there were, and once more after the last. */
export function* packsOf(
  { sequences, bins, weights }: PackPlan,
  onPack: (done: number) => void = () => {},
): Generator<Pack> {
  for (const [done, bin] of bins.entries()) {
    onPack(done);
    yield assemblePack(
      bin.map((i) => sequences[i]!),
      bin.map((i) => weights[i]!),
    );
  }
  onPack(bins.length);
}
