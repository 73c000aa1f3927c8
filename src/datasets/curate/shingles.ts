import { createWords, mix, scanWords } from "./words.ts";

/** What a shingle is: `n_grams` words (datatrove: 5) or characters (NeMo Curator: 24). */
export interface ShingleSpec {
  shingle: "words" | "chars";
  n_grams: number;
}

/** Hashes of a text's shingles; `hashes` is reused for the next text. */
export interface Shingles {
  count: number;
  hashes: Int32Array;
}

/**
 * Makes a function from a text to its shingles' 32-bit hashes, in order and with repetitions. A text of fewer
 * words or characters than a shingle is one shingle; a text of none has none.
 */
export function shingler({ shingle, n_grams: size }: ShingleSpec): (text: string) => Shingles {
  const words = createWords();
  const shingles: Shingles = { count: 0, hashes: new Int32Array(1024) };
  const unitsOf = shingle === "words" ? undefined : characterUnits();
  return (text) => {
    let units = words.hashes;
    let length: number;
    if (unitsOf) ({ units, length } = unitsOf(text));
    else {
      scanWords(text, words);
      units = words.hashes;
      length = words.count;
    }
    const count = length === 0 ? 0 : Math.max(1, length - size + 1);
    if (shingles.hashes.length < count) shingles.hashes = new Int32Array(count * 2);
    hashWindows(units, length, Math.min(size, length), shingles.hashes);
    shingles.count = count;
    return shingles;
  };
}

/**
 * Hashes every window of `size` units into `out`, with a rolling polynomial modulo 2³² that is then mixed.
 */
export function hashWindows(
  units: Int32Array,
  length: number,
  size: number,
  out: Int32Array,
  base = 0x9e3779b1 | 0,
): void {
  let first = 1;
  for (let i = 1; i < size; i++) first = Math.imul(first, base);
  let hash = 0;
  for (let i = 0; i < length; i++) {
    if (i >= size) hash = (hash - Math.imul(units[i - size]!, first)) | 0;
    hash = (Math.imul(hash, base) + units[i]!) | 0;
    if (i >= size - 1) out[i - size + 1] = mix(hash);
  }
}

/** Characters as units: letters and digits in lower case, and one blank for anything between them. */
function characterUnits() {
  const words = createWords();
  let units = new Int32Array(4096);
  return (text: string): { units: Int32Array; length: number } => {
    scanWords(text, words);
    const scanned = words.text;
    const lower = scanned.toLowerCase();
    // Lower case may be longer (İ). Then positions would not match, and the text is used as it is.
    const source = lower.length === scanned.length ? lower : scanned;
    if (units.length < scanned.length + 1) units = new Int32Array(scanned.length * 2);
    let length = 0;
    for (let w = 0; w < words.count; w++) {
      if (w > 0 && words.starts[w]! > words.ends[w - 1]!) units[length++] = mix(32);
      for (let i = words.starts[w]!; i < words.ends[w]!; i++) units[length++] = mix(source.charCodeAt(i));
    }
    return { units, length };
  };
}
