import { DataError } from "../../errors.ts";

/**
 * Longest common subsequences are found by a table of all pairs of words. Past this many pairs (46,000 words
 * against 46,000) that would take minutes and gigabytes: the row fails and says so.
 */
const maxCells = 2 ** 31;

/** Words as numbers, the same for the same word: they compare faster. */
export function wordNumbers(): (words: readonly string[]) => Uint32Array {
  const known = new Map<string, number>();
  return (words) =>
    Uint32Array.from(words, (word) => {
      const number = known.get(word) ?? known.size;
      known.set(word, number);
      return number;
    });
}

/** How long the longest common subsequence of two lists of words is. */
export function lcsLength(one: Uint32Array, other: Uint32Array): number {
  checkSize(one, other);
  let above = new Uint32Array(other.length + 1);
  let row = new Uint32Array(other.length + 1);
  for (const word of one) {
    for (let j = 0; j < other.length; j++) {
      row[j + 1] = other[j] === word ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!);
    }
    [above, row] = [row, above];
  }
  return above[other.length]!;
}

/** For pairs of sentences, of which a text has many: tables that are used again. */
const smallCells = 4096;
const small = {
  walk: new Uint8Array(smallCells),
  above: new Uint32Array(smallCells),
  row: new Uint32Array(smallCells),
};

/**
 * Places in `one`, in order, of one longest common subsequence, read off the table from its end. There are
 * often several: where two words differ, the walk goes back in `other` if its neighbour there is the larger,
 * or, by `prefers`, as large.
 */
export function lcsPlaces(
  one: Uint32Array,
  other: Uint32Array,
  prefers: "one" | "other",
): { places: number[]; steps: number } {
  checkSize(one, other);
  const width = other.length + 1;
  const cells = (one.length + 1) * width;
  const isSmall = cells <= smallCells;
  /** A bit a cell: the walk goes back in `other`. */
  const walk = isSmall ? small.walk.fill(0, 0, (cells >>> 3) + 1) : new Uint8Array((cells >>> 3) + 1);
  let above = isSmall ? small.above.fill(0, 0, width) : new Uint32Array(width);
  let row = isSmall ? small.row.fill(0, 0, width) : new Uint32Array(width);
  const ties = prefers === "other" ? 0 : 1;
  for (let i = 1; i <= one.length; i++) {
    const word = one[i - 1]!;
    let left = 0;
    for (let j = 1; j < width; j++) {
      const up = above[j]!;
      if (other[j - 1] === word) left = above[j - 1]! + 1;
      else if (left >= up + ties) {
        const cell = i * width + j;
        walk[cell >>> 3]! |= 1 << (cell & 7);
      } else left = up;
      row[j] = left;
    }
    [above, row] = [row, above];
  }
  const places: number[] = [];
  let [i, j, steps] = [one.length, other.length, 0];
  while (i > 0 && j > 0) {
    steps++;
    const cell = i * width + j;
    if (one[i - 1] === other[j - 1]) {
      places.push(--i);
      j--;
    } else if ((walk[cell >>> 3]! >> (cell & 7)) & 1) j--;
    else i--;
  }
  return { places: places.reverse(), steps };
}

function checkSize(one: Uint32Array, other: Uint32Array): void {
  if (one.length * other.length <= maxCells) return;
  throw new DataError(
    `ROUGE: expected texts whose numbers of words give at most ${maxCells} as a product, ` +
      `got ${one.length} and ${other.length} words. Score a shorter answer, or leave ROUGE out.`,
  );
}
