import { DataError } from "../../errors.ts";

/**
 * Longest common subsequences are found by a table of all pairs of words. Past this many pairs (46,000 words
 * against 46,000) that would take minutes and gigabytes: the row fails and says so.
 */
const maxCells = 2 ** 31;

/** How long the longest common subsequence of two lists is. */
export function lcsLength(one: readonly string[], other: readonly string[]): number {
  checkSize(one, other);
  const [a, b] = numbered(one, other);
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (const word of a) {
    for (let j = 0; j < b.length; j++) {
      row[j + 1] = b[j] === word ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!);
    }
    [above, row] = [row, above];
  }
  return above[b.length]!;
}

/**
 * Places in `one`, in order, of one longest common subsequence, read off the table from its end. There are
 * often several: where two words differ, the walk goes back in `other` if its neighbour there is the larger,
 * or, by `prefers`, as large.
 */
export function lcsPlaces(
  one: readonly string[],
  other: readonly string[],
  prefers: "one" | "other",
): { places: number[]; steps: number } {
  checkSize(one, other);
  const [a, b] = numbered(one, other);
  const width = b.length + 1;
  /** A bit a cell: the walk goes back in `other`. */
  const isBackInOther = new Uint8Array(Math.ceil(((a.length + 1) * width) / 8));
  let above = new Uint32Array(width);
  let row = new Uint32Array(width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      if (a[i - 1] === b[j - 1]) {
        row[j] = above[j - 1]! + 1;
        continue;
      }
      const [up, left] = [above[j]!, row[j - 1]!];
      if (left > up || (left === up && prefers === "other")) {
        const cell = i * width + j;
        isBackInOther[cell >>> 3]! |= 1 << (cell & 7);
        row[j] = left;
      } else row[j] = up;
    }
    [above, row] = [row, above];
  }
  const places: number[] = [];
  let [i, j, steps] = [a.length, b.length, 0];
  while (i > 0 && j > 0) {
    steps++;
    const cell = i * width + j;
    if (a[i - 1] === b[j - 1]) {
      places.push(--i);
      j--;
    } else if ((isBackInOther[cell >>> 3]! >> (cell & 7)) & 1) j--;
    else i--;
  }
  return { places: places.reverse(), steps };
}

/** Words as numbers, which compare faster. */
function numbered(one: readonly string[], other: readonly string[]): [Uint32Array, Uint32Array] {
  const known = new Map<string, number>();
  const numbers = (words: readonly string[]): Uint32Array =>
    Uint32Array.from(words, (word) => {
      const number = known.get(word) ?? known.size;
      known.set(word, number);
      return number;
    });
  return [numbers(one), numbers(other)];
}

function checkSize(one: readonly string[], other: readonly string[]): void {
  if (one.length * other.length <= maxCells) return;
  throw new DataError(
    `ROUGE: expected texts whose numbers of words give at most ${maxCells} as a product, ` +
      `got ${one.length} and ${other.length} words. Score a shorter answer, or leave ROUGE out.`,
  );
}
