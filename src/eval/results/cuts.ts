import type { Score } from "../benchmark.ts";

/** What was cut of the prompts of the rows that a figure is made of. */
export interface Cut {
  rows: number;
  /** Of all rows of the figure, from 0 to 1. */
  share: number;
  tokens: number;
}

/** What was cut, by slice. `cut`: tokens cut of each item. An item that failed has no scores. */
export function cutsBySlice(
  scores: readonly (readonly Score[])[],
  cut: readonly number[],
): ReadonlyMap<string, Cut> {
  const counts = new Map<string, { items: number; rows: number; tokens: number }>();
  for (const [i, item] of scores.entries()) {
    const tokens = cut[i] ?? 0;
    for (const slice of new Set(item.map((score) => score.slice))) {
      const count = counts.get(slice) ?? { items: 0, rows: 0, tokens: 0 };
      counts.set(slice, count);
      count.items++;
      count.tokens += tokens;
      if (tokens > 0) count.rows++;
    }
  }
  return new Map(
    [...counts].map(([slice, { items, rows, tokens }]) => [slice, { rows, share: rows / items, tokens }]),
  );
}
