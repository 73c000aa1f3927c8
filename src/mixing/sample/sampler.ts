import type { Task } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { randomOf } from "../../random.ts";
import { cellTargets, type ShareCell, type SharesSpec } from "./shares.ts";

export interface Candidate {
  dataset: string;
  task?: Task;
  tokens: number;
  supervised?: number;
}

export interface DrawnMix {
  /** Indices of candidates in random order; a repeated one is there several times. */
  chosen: number[];
  /** Tokens by dataset that the weights ask for; supervised tokens where the budget is of these. */
  target: Record<string, number>;
  /** The same by cell, from which targets of tasks and lengths are computed. */
  cells: { members: readonly number[]; target: number }[];
}

export type SampleSpec = SharesSpec & Pick<MixSpec, "max_epochs">;

/**
 * Draws examples until each share of the budget is reached, within one example. A dataset's share is budget ·
 * weight / Σ weights; where the recipe asks for them, there are shares of tasks and of long sequences as
 * well. Examples are taken in a new random order each epoch, at most `max_epochs` times. A budget of 0 takes
 * everything once, thinned by weights relative to the largest. The same for a seed on any machine. Throws
 * ConfigError when no dataset has a weight above 0.
 */
export function sampleMix(candidates: readonly Candidate[], spec: SampleSpec, seed: number): DrawnMix {
  const ofSupervised = spec.budget_supervised_tokens > 0;
  const tokensOf = (i: number): number => {
    const { tokens, supervised = tokens } = candidates[i]!;
    return ofSupervised ? supervised : tokens;
  };
  const cells = cellsOf(candidates, spec, tokensOf);
  const names = [...new Set(cells.map(({ dataset }) => dataset))];
  if (names.length > 0 && !names.some((name) => (spec.weights[name] ?? 1) > 0)) {
    throw new ConfigError(
      "mix.weights",
      [`expected a weight above 0 for one of ${names.join(", ")}, got 0 for each`],
      "Give one a weight above 0.",
    );
  }
  const { asked, target } = cellTargets(cells, spec);
  const chosen: number[] = [];
  for (const [k, { key, members }] of cells.entries()) {
    let size = 0;
    for (let epoch = 0; epoch < Math.max(1, spec.max_epochs) && size < target[k]!; epoch++) {
      for (const i of randomOf(seed, `mix ${key} ${epoch}`).shuffle([...members])) {
        if (size >= target[k]!) break;
        chosen.push(i);
        size += tokensOf(i);
      }
    }
  }
  return {
    chosen: randomOf(seed, "mix order").shuffle(chosen),
    target: asked,
    cells: cells.map(({ members }, k) => ({ members, target: target[k]! })),
  };
}

/**
 * Groups that are drawn from: one for each dataset, and for each task and for long or short where these have
 * shares.
 */
function cellsOf(
  candidates: readonly Candidate[],
  spec: SharesSpec,
  tokensOf: (i: number) => number,
): (ShareCell & { key: string; members: number[] })[] {
  const cells = new Map<string, ShareCell & { key: string; members: number[] }>();
  const byTask = Object.keys(spec.task_weights).length > 0;
  for (const [i, { dataset, task, tokens }] of candidates.entries()) {
    const isLong = spec.long_fraction === null ? null : tokens >= spec.long_tokens;
    const own = byTask && task !== undefined ? task : null;
    const key = [dataset, own, isLong === null ? null : isLong ? "long" : "short"]
      .filter((part) => part !== null)
      .join(" ");
    const cell = cells.get(key) ?? { key, dataset, task: own, isLong, size: 0, members: [] };
    cells.set(key, cell);
    cell.members.push(i);
    cell.size += tokensOf(i);
  }
  return [...cells.values()];
}
