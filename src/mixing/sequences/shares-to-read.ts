import type { MixSpec } from "../../contracts/recipe.ts";
import { readDataManifest } from "../../datasets/folder/data-folder.ts";
import { randomOf } from "../../random.ts";

/**
 * Texts have at most about so many characters a token. Where they have fewer, there are more tokens than
 * estimated.
 */
const mostCharsPerToken = 6;
/** So many times the wanted tokens are read, because examples may be dropped and shares uneven. */
const reserve = 2;

/**
 * Which share of each dataset's training examples a mix with a budget has to read, estimated from the sizes
 * in the data manifest; the rest need not be tokenized. 1 where less is not known to be enough.
 */
export function sharesToRead(dataDir: string, mix: MixSpec): Map<string, number> {
  const { datasets } = readDataManifest(dataDir);
  const shares = new Map(datasets.map(({ name }) => [name, 1]));
  if (mix.budget_tokens === 0 || mix.temperature !== null) return shares;
  // For rare kinds (long sequences, a task) all examples may be needed.
  if (mix.long_fraction !== null || Object.keys(mix.task_weights).length > 0) return shares;
  const weightOf = (name: string): number => mix.weights[name] ?? 1;
  const total = datasets.reduce((sum, { name }) => sum + weightOf(name), 0);
  for (const { name, chars, by_split, examples } of datasets) {
    if (!chars || !by_split || total === 0) continue;
    const there = (chars.total * by_split.train) / Math.max(1, examples) / mostCharsPerToken;
    const wanted = (mix.budget_tokens * weightOf(name)) / total;
    shares.set(name, Math.min(1, (reserve * wanted) / Math.max(1, there)));
  }
  return shares;
}

/** A random number in [0, 1) for an example, the same for a seed on any machine. */
export function randomPosition(exampleId: string, seed: number): number {
  return randomOf(seed, `read ${exampleId}`).next();
}
