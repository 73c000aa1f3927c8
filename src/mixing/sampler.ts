import { ConfigError } from "../errors.ts";
import { randomOf } from "../random.ts";
import type { MixSpec } from "../recipe/recipe.ts";

export interface Candidate {
  dataset: string;
  tokens: number;
}

export interface Sample {
  /** Indices of candidates in random order; one that is repeated comes several times. */
  chosen: number[];
  /** Tokens by dataset that the weights ask for. */
  target: Record<string, number>;
}

/**
 * Draws from each dataset until its share of the budget is reached: budget · weight / Σ weights, within one
 * example. A dataset is gone through in a new order each epoch, at most `max_epochs` times. A budget of 0 takes
 * everything once, thinned by weights relative to the largest. The same for a seed on any machine. Throws
 * ConfigError when no dataset has a weight above 0.
 */
export function sampleMix(
  candidates: readonly Candidate[],
  spec: Pick<MixSpec, "weights" | "budget_tokens" | "max_epochs">,
  seed: number,
): Sample {
  const members = new Map<string, number[]>();
  for (const [i, { dataset }] of candidates.entries()) {
    const list = members.get(dataset);
    if (list) list.push(i);
    else members.set(dataset, [i]);
  }
  const weightOf = (dataset: string): number => spec.weights[dataset] ?? 1;
  const names = [...members.keys()];
  const totalWeight = names.reduce((sum, name) => sum + weightOf(name), 0);
  const topWeight = Math.max(...names.map(weightOf));
  if (names.length > 0 && !(topWeight > 0)) {
    throw new ConfigError(
      "mix.weights",
      [`expected a weight above 0 for one of ${names.join(", ")}, got 0 for each`],
      "Give one a weight above 0.",
    );
  }
  const target: Record<string, number> = {};
  const chosen: number[] = [];
  for (const [name, list] of members) {
    const available = list.reduce((sum, i) => sum + candidates[i]!.tokens, 0);
    const share = weightOf(name) / (spec.budget_tokens > 0 ? totalWeight : topWeight);
    target[name] = Math.round(share * (spec.budget_tokens > 0 ? spec.budget_tokens : available));
    let tokens = 0;
    for (let epoch = 0; epoch < Math.max(1, spec.max_epochs) && tokens < target[name]; epoch++) {
      for (const i of randomOf(seed, `mix ${name} ${epoch}`).shuffle([...list])) {
        if (tokens >= target[name]) break;
        chosen.push(i);
        tokens += candidates[i]!.tokens;
      }
    }
  }
  return { chosen: randomOf(seed, "mix order").shuffle(chosen), target };
}
