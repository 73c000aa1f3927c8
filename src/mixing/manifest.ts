import type { MixSpec } from "../recipe/recipe.ts";
import type { Pack } from "./pack.ts";
import type { Sequence } from "./sequences.ts";

interface Counts {
  sequences: number;
  tokens: number;
  supervised_tokens: number;
}

export interface MixManifest {
  version: 1;
  train: Counts & { packs: number; fill: number };
  validation: { packs: number; tokens: number };
  /** Tokens asked for and got, by dataset. */
  datasets: Record<string, Counts & { target_tokens: number }>;
  tasks: Record<string, Counts>;
  lengths: Record<string, Counts>;
}

const lengthBuckets: readonly [below: number, name: string][] = [
  [2048, "under 2k"],
  [8192, "2k to 8k"],
  [16384, "8k to 16k"],
  [Number.POSITIVE_INFINITY, "16k and more"],
];

/** What the mix was to be and what it is. */
export function manifestOf(
  mix: MixSpec,
  sequences: readonly Sequence[],
  target: Record<string, number>,
  train: readonly Pack[],
  validation: readonly Pack[],
): MixManifest {
  const tokensOf = (packs: readonly Pack[]): number =>
    packs.reduce((n, { input_ids }) => n + input_ids.length, 0);
  const by = (key: (sequence: Sequence) => string): Record<string, Counts> => {
    const counts: Record<string, Counts> = {};
    for (const sequence of sequences) {
      counts[key(sequence)] ??= { sequences: 0, tokens: 0, supervised_tokens: 0 };
      const count = counts[key(sequence)]!;
      count.sequences++;
      count.tokens += sequence.ids.length;
      count.supervised_tokens += sequence.supervised;
    }
    return counts;
  };
  const datasets = Object.entries(by(({ example }) => example.source.dataset)).map(([name, counts]) => [
    name,
    { target_tokens: target[name] ?? 0, ...counts },
  ]);
  const tokens = tokensOf(train);
  return {
    version: 1,
    train: {
      packs: train.length,
      sequences: sequences.length,
      tokens,
      supervised_tokens: sequences.reduce((n, { supervised }) => n + supervised, 0),
      fill: tokens / (train.length * mix.max_seq_tokens),
    },
    validation: { packs: validation.length, tokens: tokensOf(validation) },
    datasets: Object.fromEntries(datasets),
    tasks: by(({ example }) => example.task),
    lengths: by(({ ids }) => lengthBuckets.find(([below]) => ids.length < below)![1]),
  };
}
