import type { MixSpec } from "../contracts/recipe.ts";
import type { PackPlan } from "./packs/pack-plan.ts";
import type { ReadCounts } from "./read-train.ts";
import { mixFor, type Render, type RenderingMix } from "./renders.ts";
import { bucketName, bucketOf } from "./sample/length-buckets.ts";
import type { DrawnMix } from "./sample/sampler.ts";
import type { SequenceTable } from "./sequences/sequence-table.ts";

interface Counts {
  sequences: number;
  tokens: number;
  supervised_tokens: number;
}

interface PackCounts extends Counts {
  packs: number;
  /** Share of the packs' room that has tokens. */
  fill: number;
  /** Tokens of the longest sequence. */
  longest_tokens: number;
}

/**
 * What was asked for and what there is. Targets are of supervised tokens where the budget is (`budget.of`).
 */
interface Share extends Counts {
  target_tokens: number;
}

export interface MixManifest {
  version: 1;
  budget: { of: "tokens" | "supervised_tokens"; tokens: number };
  /** How training goes through the packs. */
  order: MixSpec["order"];
  train: PackCounts;
  validation: PackCounts;
  /** Of the training mix, by dataset. */
  datasets: Record<string, DatasetShare>;
  tasks: Record<string, Share>;
  lengths: Record<string, Share>;
  /**
   * Sequences of at least `from_tokens`; fractions are of tokens. `target_fraction` null: none was asked for.
   */
  long: Counts & {
    from_tokens: number;
    target_fraction: number | null;
    fraction: number;
    /** Tokens in long sequences that could be drawn, each once. */
    available_tokens: number;
    /** The longest sequence of the mix. */
    longest_tokens: number;
  };
}

interface DatasetShare extends Share {
  render: Render;
  /** What was read and could be drawn. */
  available_sequences: number;
  available_tokens: number;
  /** Examples there are; a small budget does not read all of them. */
  examples: number;
  examples_read: number;
  /** How often the most frequent sequence is in the mix. */
  max_repeats: number;
}

/** Sequences and how they are packed. */
interface PlannedSplit {
  table: SequenceTable;
  plan: PackPlan;
}

/** What a mix was made of. `reading`: of the train split, by dataset. */
export interface MadeMix {
  train: PlannedSplit;
  validation: PlannedSplit;
  sample: DrawnMix;
  reading: ReadonlyMap<string, ReadCounts>;
}

/** What the mix should be and what it is. */
export function manifestOf(mix: RenderingMix, { train, validation, sample, reading }: MadeMix): MixManifest {
  const { table, plan } = train;
  const all = Array.from({ length: table.count }, (_, i) => i);
  const bucket = (i: number): string =>
    bucketName(bucketOf(table.tokens(i), mix.length_buckets), mix.length_buckets);
  const isLong = (i: number): boolean => table.tokens(i) >= mix.long_tokens;
  const [had, got] = [countBy(table, all, table.dataset), countBy(table, plan.chosen, table.dataset)];
  const most = mostRepeated(table, plan.chosen);
  const ofSupervised = mix.budget_supervised_tokens > 0;
  const expected = (key: (i: number) => string): Map<string, number> =>
    expectedBy(sample, key, ofSupervised ? table.supervised : table.tokens);
  const shares = (key: (i: number) => string): Record<string, Share> => {
    const counts = countBy(table, plan.chosen, key);
    return Object.fromEntries(
      [...expected(key)].map(([name, target]) => [
        name,
        { target_tokens: Math.round(target), ...(counts.get(name) ?? noCounts()) },
      ]),
    );
  };
  const datasets = [...had].map(([name, { sequences, tokens }]): [string, DatasetShare] => [
    name,
    {
      render: mixFor(mix, name).render,
      target_tokens: sample.target[name] ?? 0,
      ...(got.get(name) ?? noCounts()),
      available_sequences: sequences,
      available_tokens: tokens,
      examples: reading.get(name)?.examples ?? 0,
      examples_read: reading.get(name)?.read ?? 0,
      max_repeats: most.get(name) ?? 0,
    },
  ]);
  const counts = packCounts(train, mix);
  const long = countOf(table, plan.chosen.filter(isLong));
  return {
    version: 1,
    budget: {
      of: ofSupervised ? "supervised_tokens" : "tokens",
      tokens: mix.budget_supervised_tokens || mix.budget_tokens,
    },
    order: mix.order,
    train: counts,
    validation: packCounts(validation, mix),
    datasets: Object.fromEntries(datasets),
    tasks: shares(table.task),
    lengths: shares(bucket),
    long: {
      from_tokens: mix.long_tokens,
      target_fraction: mix.long_fraction,
      fraction: counts.tokens === 0 ? 0 : long.tokens / counts.tokens,
      ...long,
      available_tokens: countOf(table, all.filter(isLong)).tokens,
      longest_tokens: plan.chosen.reduce((most, i) => Math.max(most, table.tokens(i)), 0),
    },
  };
}

/** Targets by key: each cell's target is divided in the proportions that the cell has. */
function expectedBy(
  { cells }: DrawnMix,
  key: (i: number) => string,
  tokensOf: (i: number) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { members, target } of cells) {
    const total = members.reduce((sum, i) => sum + tokensOf(i), 0);
    for (const i of members)
      sums.set(key(i), (sums.get(key(i)) ?? 0) + (total === 0 ? 0 : (target * tokensOf(i)) / total));
  }
  return sums;
}

function mostRepeated(table: SequenceTable, chosen: readonly number[]): Map<string, number> {
  const repeats = new Int32Array(table.count);
  const most = new Map<string, number>();
  for (const i of chosen) {
    repeats[i]!++;
    const name = table.dataset(i);
    most.set(name, Math.max(most.get(name) ?? 0, repeats[i]!));
  }
  return most;
}

function packCounts({ table, plan }: PlannedSplit, { max_seq_tokens }: MixSpec): PackCounts {
  const { chosen, bins } = plan;
  const counts = countOf(table, chosen);
  const room = bins.length * max_seq_tokens;
  const longest_tokens = chosen.reduce((most, i) => Math.max(most, table.tokens(i)), 0);
  return { packs: bins.length, ...counts, fill: room === 0 ? 0 : counts.tokens / room, longest_tokens };
}

function countBy(
  table: SequenceTable,
  chosen: readonly number[],
  key: (i: number) => string,
): Map<string, Counts> {
  const groups = new Map<string, Counts>();
  for (const i of chosen) {
    const counts = groups.get(key(i)) ?? noCounts();
    groups.set(key(i), counts);
    counts.sequences++;
    counts.tokens += table.tokens(i);
    counts.supervised_tokens += table.supervised(i);
  }
  return groups;
}

function countOf(table: SequenceTable, chosen: readonly number[]): Counts {
  return countBy(table, chosen, () => "").get("") ?? noCounts();
}

const noCounts = (): Counts => ({ sequences: 0, tokens: 0, supervised_tokens: 0 });
