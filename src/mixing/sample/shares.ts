import type { MixSpec } from "../../contracts/recipe.ts";

export type SharesSpec = Pick<
  MixSpec,
  | "weights"
  | "task_weights"
  | "temperature"
  | "long_fraction"
  | "long_tokens"
  | "budget_tokens"
  | "budget_supervised_tokens"
  | "max_epochs"
>;

export interface ShareCell {
  dataset: string;
  /** Null where the recipe asks for no shares of tasks. */
  task: string | null;
  /** Null where it asks for no share of long sequences. */
  isLong: boolean | null;
  /** Tokens that there are, each once; supervised tokens where the budget is of these. */
  size: number;
}

/** Rounds of fitting: far fewer are enough to meet all shares to a thousandth. */
const rounds = 200;

/**
 * Tokens to take of each cell, and of each dataset. With a budget, shares of datasets, tasks and long
 * sequences are met together by iterative proportional fitting (Deming and Stephan, 1940), with no cell above
 * `max_epochs` times its size. Without a budget everything is taken once, thinned until the shares are right.
 */
export function cellTargets(
  cells: readonly ShareCell[],
  spec: SharesSpec,
): { asked: Record<string, number>; target: number[] } {
  const budget = spec.budget_supervised_tokens || spec.budget_tokens;
  const weights = datasetWeights(cells, spec);
  const target = budget > 0 ? fitted(cells, weights, spec, budget) : thinned(cells, weights, spec);
  const asked: Record<string, number> = {};
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  for (const [dataset, weight] of weights) {
    const own = cells.reduce((sum, cell, k) => sum + (cell.dataset === dataset ? target[k]! : 0), 0);
    asked[dataset] = Math.round(budget > 0 ? (budget * weight) / total : own);
  }
  return { asked, target: target.map(Math.round) };
}

/** weight · size^(1/T): T = 1 keeps the proportions of sizes, a large T makes datasets equal. */
function datasetWeights(
  cells: readonly ShareCell[],
  { weights, temperature }: SharesSpec,
): Map<string, number> {
  const sizes = sumsBy(cells, ({ dataset }) => dataset);
  return new Map(
    [...sizes].map(([name, size]) => [
      name,
      (weights[name] ?? 1) * (temperature === null ? 1 : size ** (1 / temperature)),
    ]),
  );
}

function sumsBy<K>(
  cells: readonly ShareCell[],
  key: (cell: ShareCell) => K,
  sizes = cells.map(({ size }) => size),
): Map<K, number> {
  const sums = new Map<K, number>();
  for (const [k, cell] of cells.entries()) sums.set(key(cell), (sums.get(key(cell)) ?? 0) + sizes[k]!);
  return sums;
}

function fitted(
  cells: readonly ShareCell[],
  weights: ReadonlyMap<string, number>,
  spec: SharesSpec,
  budget: number,
): number[] {
  const kinds = [
    { key: (cell: ShareCell): unknown => cell.dataset, shares: shareOf(weights) },
    ...(Object.keys(spec.task_weights).length > 0
      ? [{ key: (cell: ShareCell): unknown => cell.task, shares: taskShares(cells, spec) }]
      : []),
    ...(spec.long_fraction === null
      ? []
      : [
          {
            key: (cell: ShareCell): unknown => cell.isLong,
            shares: new Map<unknown, number>([
              [true, spec.long_fraction],
              [false, 1 - spec.long_fraction],
            ]),
          },
        ]),
  ];
  let tokens = cells.map(({ size }) => size);
  // With shares of datasets alone there is nothing to fit; a share that cannot be met is reported as a
  // shortage.
  const caps = cells.map(({ size }) =>
    kinds.length === 1 ? Number.POSITIVE_INFINITY : size * Math.max(1, spec.max_epochs),
  );
  for (let round = 0; round < (kinds.length === 1 ? 1 : rounds); round++) {
    for (const { key, shares } of kinds) {
      const sums = sumsBy(cells, key, tokens);
      tokens = cells.map((cell, k) => {
        const sum = sums.get(key(cell))!;
        const scaled = sum > 0 ? (tokens[k]! * budget * (shares.get(key(cell)) ?? 0)) / sum : 0;
        return Math.min(scaled, caps[k]!);
      });
    }
  }
  return tokens;
}

function shareOf<K>(weights: ReadonlyMap<K, number>): Map<unknown, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([key, weight]) => [key, weight / total]));
}

function taskShares(cells: readonly ShareCell[], { task_weights }: SharesSpec): Map<unknown, number> {
  const tasks = new Map(Object.entries(task_weights));
  return shareOf(
    new Map([...new Set(cells.map(({ task }) => task))].map((t) => [t, tasks.get(t ?? "") ?? 1])),
  );
}

function thinned(
  cells: readonly ShareCell[],
  weights: ReadonlyMap<string, number>,
  spec: SharesSpec,
): number[] {
  const sizes = sumsBy(cells, ({ dataset }) => dataset);
  const rateOf = (name: string): number =>
    weights.get(name)! / (spec.temperature === null ? 1 : Math.max(1, sizes.get(name)!));
  const most = Math.max(...[...weights.keys()].map(rateOf));
  const tasks = new Map(Object.entries(spec.task_weights));
  const mostOfTasks =
    Math.max(0, ...cells.map(({ task }) => (task === null ? 0 : (tasks.get(task) ?? 1)))) || 1;
  const tokens = cells.map(
    ({ dataset, task, size }) =>
      ((size * rateOf(dataset)) / most) * (task === null ? 1 : (tasks.get(task) ?? 1) / mostOfTasks),
  );
  const fraction = spec.long_fraction;
  if (fraction === null) return tokens;
  const sums = sumsBy(cells, ({ isLong }) => isLong, tokens);
  const [long, short] = [sums.get(true) ?? 0, sums.get(false) ?? 0];
  // The side that is too large is thinned until long / (long + short) is the fraction.
  const keepLong =
    fraction === 1 ? 1 : Math.min(1, (short * fraction) / (1 - fraction) / Math.max(long, 1e-9));
  const keepShort =
    fraction === 0 ? 1 : Math.min(1, (long * (1 - fraction)) / fraction / Math.max(short, 1e-9));
  return tokens.map((size, k) => size * (cells[k]!.isLong ? keepLong : keepShort));
}
