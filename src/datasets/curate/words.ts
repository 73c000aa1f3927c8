/**
 * Words of a text as numbers, for comparing texts without regard to case, punctuation and white space. Made
 * for speed: one table look-up a UTF-16 unit, and no strings are made.
 */
export interface Words {
  count: number;
  /** A 32-bit hash of each word. */
  hashes: Int32Array;
  /** Where each word starts and ends (half open) in the text, in UTF-16 units. */
  starts: Int32Array;
  ends: Int32Array;
}

const separator = 0;
/** Set in `fold` where a unit is a word by itself, in scripts without blanks between words. */
const alone = 0x10000;
const fold = foldTable();

export function createWords(): Words {
  return { count: 0, ...room(1024) };
}

/**
 * Puts the words of `text` into `words`, replacing what was there. A word is a run of letters, marks and
 * digits, in lower case; a Han, kana, Thai, Lao, Khmer or Myanmar letter is a word by itself.
 */
export function scanWords(text: string, words: Words): void {
  let count = 0;
  let hash = 0x811c9dc5 | 0;
  let start = -1;
  const { length } = text;
  for (let i = 0; i <= length; i++) {
    const unit = i < length ? fold[text.charCodeAt(i)]! : separator;
    if (start >= 0 && (unit === separator || unit >= alone)) {
      if (count === words.hashes.length) grow(words);
      words.hashes[count] = mix(hash);
      words.starts[count] = start;
      words.ends[count++] = i;
      start = -1;
    }
    if (unit === separator) continue;
    if (start < 0) {
      start = i;
      hash = 0x811c9dc5 | 0;
    }
    hash = Math.imul(hash ^ unit, 0x01000193);
    if (unit >= alone) {
      if (count === words.hashes.length) grow(words);
      words.hashes[count] = mix(hash);
      words.starts[count] = start;
      words.ends[count++] = i + 1;
      start = -1;
    }
  }
  words.count = count;
}

/** The words that `scanWords` compares, in lower case with one blank between them. */
export function foldText(text: string): string {
  const words = createWords();
  scanWords(text, words);
  const parts: string[] = [];
  for (let w = 0; w < words.count; w++) parts.push(text.slice(words.starts[w], words.ends[w]).toLowerCase());
  return parts.join(" ");
}

/** murmur3's finaliser: every bit of the input may change every bit of the output. */
export function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function room(size: number) {
  return { hashes: new Int32Array(size), starts: new Int32Array(size), ends: new Int32Array(size) };
}

function grow(words: Words): void {
  const larger = room(words.hashes.length * 2);
  larger.hashes.set(words.hashes);
  larger.starts.set(words.starts);
  larger.ends.set(words.ends);
  Object.assign(words, larger);
}

/**
 * For each UTF-16 unit: 0 if it separates words, else its lower case, with `alone` where it is a word by
 * itself.
 */
function foldTable(): Int32Array {
  const table = new Int32Array(0x10000);
  const inWord = /[\p{L}\p{M}\p{N}]/u;
  const isAlone =
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
  for (let unit = 0; unit < 0x10000; unit++) {
    // Halves of surrogate pairs are letters of rare scripts, and emoji, which differ between texts as well.
    if (unit >= 0xd800 && unit < 0xe000) table[unit] = unit;
    else {
      const character = String.fromCharCode(unit);
      if (!inWord.test(character)) continue;
      const lower = character.toLowerCase();
      table[unit] = (lower.length === 1 ? lower.charCodeAt(0) : unit) | (isAlone.test(character) ? alone : 0);
    }
  }
  return table;
}
