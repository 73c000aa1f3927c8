import type { MixSpec } from "../../contracts/recipe.ts";
import { readDataManifest } from "../../datasets/folder/data-folder.ts";
import { randomOf } from "../../random.ts";

/** Texts have at most about so many characters a token: with fewer, more tokens come than were counted on. */
const mostCharsPerToken = 6;
/** So many times the tokens that are wanted are read, as examples are dropped, and shares may be uneven. */
const reserve = 2;

/**
 * Which share of each dataset's training examples a mix with a budget has to read, from the sizes in the data
 * manifest: tokenizing the rest would be for nothing. 1 for all that is not known to be less.
 */
export function sharesToRead(dataDir: string, mix: MixSpec): Map<string, number> {
  const { datasets } = readDataManifest(dataDir);
  const shares = new Map(datasets.map(({ name }) => [name, 1]));
  if (mix.budget_tokens === 0 || mix.temperature !== null) return shares;
  // What is rare (long sequences, a task) may need all there is.
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

/** A number in [0, 1) of an example, the same for a seed on any machine. */
export function randomPosition(exampleId: string, seed: number): number {
  return randomOf(seed, `read ${exampleId}`).next();
}
