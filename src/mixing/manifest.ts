import type { MixSpec } from "../recipe/recipe.ts";
import type { PackPlan } from "./plan.ts";
import type { Sequence } from "./sequences.ts";

interface Counts {
  sequences: number;
  tokens: number;
  supervised_tokens: number;
}

interface PackCounts extends Counts {
  packs: number;
  /** Tokens of tokens that the packs could hold. */
  fill: number;
}

export interface MixManifest {
  version: 1;
  train: PackCounts;
  validation: PackCounts;
  /** Of the training mix, by dataset. */
  datasets: Record<string, DatasetCounts>;
  tasks: Record<string, Counts>;
  lengths: Record<string, Counts>;
}

/** Tokens asked for and got. */
interface DatasetCounts extends Counts {
  target_tokens: number;
  /** What there was to draw from. */
  available_sequences: number;
  available_tokens: number;
  /** How often the most frequent sequence comes. */
  max_repeats: number;
}

const lengthBuckets: readonly [below: number, name: string][] = [
  [2048, "under 2k"],
  [8192, "2k to 8k"],
  [16384, "8k to 16k"],
  [Number.POSITIVE_INFINITY, "16k and more"],
];

/** What the mix was to be (`target`: tokens by dataset) and what it is. `available`: all that could be drawn. */
export function manifestOf(
  mix: MixSpec,
  available: readonly Sequence[],
  target: Record<string, number>,
  train: PackPlan,
  validation: PackPlan,
): MixManifest {
  const datasetOf = ({ example }: Sequence): string => example.source.dataset;
  const [had, got] = [countBy(available, datasetOf), countBy(train.sequences, datasetOf)];
  const repeats = new Map<Sequence, number>();
  for (const sequence of train.sequences) repeats.set(sequence, (repeats.get(sequence) ?? 0) + 1);
  const most: Record<string, number> = {};
  for (const [sequence, count] of repeats) {
    const name = datasetOf(sequence);
    most[name] = Math.max(most[name] ?? 0, count);
  }
  const datasets = Object.entries(had).map(([name, { sequences, tokens }]): [string, DatasetCounts] => [
    name,
    {
      target_tokens: target[name] ?? 0,
      ...(got[name] ?? countOf([])),
      available_sequences: sequences,
      available_tokens: tokens,
      max_repeats: most[name] ?? 0,
    },
  ]);
  return {
    version: 1,
    train: packCounts(train, mix),
    validation: packCounts(validation, mix),
    datasets: Object.fromEntries(datasets),
    tasks: countBy(train.sequences, ({ example }) => example.task),
    lengths: countBy(train.sequences, ({ ids }) => lengthBuckets.find(([below]) => ids.length < below)![1]),
  };
}

function packCounts({ sequences, bins }: PackPlan, { max_seq_tokens }: MixSpec): PackCounts {
  const counts = countOf(sequences);
  const room = bins.length * max_seq_tokens;
  return { packs: bins.length, ...counts, fill: room === 0 ? 0 : counts.tokens / room };
}

function countBy(
  sequences: readonly Sequence[],
  key: (sequence: Sequence) => string,
): Record<string, Counts> {
  const groups = Map.groupBy(sequences, key);
  return Object.fromEntries([...groups].map(([name, group]) => [name, countOf(group)]));
}

function countOf(sequences: readonly Sequence[]): Counts {
  return {
    sequences: sequences.length,
    tokens: sequences.reduce((n, { ids }) => n + ids.length, 0),
    supervised_tokens: sequences.reduce((n, { supervised }) => n + supervised, 0),
  };
}
