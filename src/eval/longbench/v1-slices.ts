import type { ChosenRows, V1Row } from "./v1-rows.ts";

/** A slice of the benchmark that a row is in, and what the row weighs there. */
export interface WeighedSlice {
  slice: string;
  weight: number;
}

export const lengthGroups = ["0-4k", "4-8k", "8k+"] as const;

export function lengthGroup(length: number): (typeof lengthGroups)[number] {
  return length < 4000 ? "0-4k" : length < 8000 ? "4-8k" : "8k+";
}

/** How many rows are asked of each dataset, and of each of its lengths. */
export function weightsOf(
  chosen: ReadonlyMap<string, ChosenRows>,
  isE: boolean,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [dataset, { asked }] of chosen)
    for (const length of asked.values()) {
      count(dataset);
      if (isE) count(`${dataset} ${lengthGroup(length)}`);
    }
  return counts;
}

/**
 * What a row counts for: its dataset; the whole, which is the mean over datasets, so that a row weighs less
 * where there are many; and in E the same by length.
 */
export function slicesOf(
  { dataset, length }: Pick<V1Row, "dataset" | "length">,
  counts: ReadonlyMap<string, number>,
  isE: boolean,
): WeighedSlice[] {
  const group = lengthGroup(length);
  const one = `${dataset} ${group}`;
  const share = (key: string): number => 1 / counts.get(key)!;
  return [
    { slice: "", weight: share(dataset) },
    { slice: dataset, weight: 1 },
    ...(isE
      ? [
          { slice: group, weight: share(one) },
          { slice: one, weight: 1 },
        ]
      : []),
  ];
}
