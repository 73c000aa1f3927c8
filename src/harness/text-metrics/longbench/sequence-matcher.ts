/**
 * `ratio()` of Python's difflib.SequenceMatcher(None, a, b) over characters: 2 × matches / characters of
 * both. Matches are those of the longest common block, then of what lies left and right of it, and so on. In
 * a `b` of 200 characters and more, characters that make up over 1 % of it begin no block (its autojunk).
 */
export function sequenceRatio(a: string, b: string): number {
  const [one, other] = [Array.from(a), Array.from(b)];
  const total = one.length + other.length;
  if (total === 0) return 1;
  const placesOf = placesByCharacter(other);
  let matches = 0;
  const open: Part[] = [{ oneStart: 0, oneEnd: one.length, otherStart: 0, otherEnd: other.length }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { at, otherAt, size } = longestBlock(one, other, placesOf, part);
    if (size === 0) continue;
    matches += size;
    const { oneStart, oneEnd, otherStart, otherEnd } = part;
    if (oneStart < at && otherStart < otherAt)
      open.push({ oneStart, oneEnd: at, otherStart, otherEnd: otherAt });
    if (at + size < oneEnd && otherAt + size < otherEnd)
      open.push({ oneStart: at + size, oneEnd, otherStart: otherAt + size, otherEnd });
  }
  return (2 * matches) / total;
}

interface Part {
  oneStart: number;
  oneEnd: number;
  otherStart: number;
  otherEnd: number;
}

function placesByCharacter(characters: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [i, character] of characters.entries()) {
    const known = places.get(character);
    if (known === undefined) places.set(character, [i]);
    else known.push(i);
  }
  const often = Math.floor(characters.length / 100) + 1;
  if (characters.length >= 200)
    for (const [character, found] of places) if (found.length > often) places.delete(character);
  return places;
}

/**
 * The longest common block within a part; among equals the one that begins first in `one`, then in `other`.
 */
function longestBlock(
  one: readonly string[],
  other: readonly string[],
  placesOf: ReadonlyMap<string, readonly number[]>,
  { oneStart, oneEnd, otherStart, otherEnd }: Part,
): { at: number; otherAt: number; size: number } {
  let [at, otherAt, size] = [oneStart, otherStart, 0];
  /** Lengths of the blocks that end at the last character and at a place of `other`. */
  let lengths = new Map<number, number>();
  for (let i = oneStart; i < oneEnd; i++) {
    const next = new Map<number, number>();
    for (const j of placesOf.get(one[i]!) ?? []) {
      if (j < otherStart) continue;
      if (j >= otherEnd) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > size) [at, otherAt, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  // Frequent characters begin no block, but belong to one where they stand beside it.
  while (at > oneStart && otherAt > otherStart && one[at - 1] === other[otherAt - 1]) {
    at--;
    otherAt--;
    size++;
  }
  while (at + size < oneEnd && otherAt + size < otherEnd && one[at + size] === other[otherAt + size]) size++;
  return { at, otherAt, size };
}
