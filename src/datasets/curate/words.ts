import { sameText } from "../same-text.ts";

/**
 * Words of a text as numbers, for comparing texts without regard to case, punctuation, white space and the
 * way a character is encoded. Made for speed: one table look-up a UTF-16 unit, and no strings are made.
 */
export interface Words {
  count: number;
  /** A 32-bit hash of each word. */
  hashes: Int32Array;
  /**
   * What was scanned: the text, or the same text composed (NFKC) where it has characters of several forms.
   */
  text: string;
  /** Where each word starts and ends (half open) in `text`, in UTF-16 units. */
  starts: Int32Array;
  ends: Int32Array;
}

const separator = 0;
/** Set in `fold` where a unit is a word by itself, in scripts without blanks between words. */
const alone = 0x10000;
/** Set in `fold` where a unit may be another form of other text: decomposed, full width, not seen … */
const varied = 0x20000;
/** Made when the first text is scanned: it takes some hundredths of a second. */
let fold: Int32Array | undefined;

export function createWords(): Words {
  return { count: 0, text: "", ...room(1024) };
}

/**
 * Puts the words of `text` into `words`, replacing what was there. A word is a run of letters, marks and
 * digits, in lower case; a Han, kana, Thai, Lao, Khmer or Myanmar letter is a word by itself.
 */
export function scanWords(text: string, words: Words): void {
  fold ??= foldTable();
  // Nearly all texts are the same in all forms. Only one that may not be is composed, and scanned again.
  if (!scan(text, words, fold, false)) scan(sameText(text), words, fold, true);
}

/** False where it met a unit that may have another form, unless `isSame`: the text is then what it is. */
function scan(text: string, words: Words, fold: Int32Array, isSame: boolean): boolean {
  let count = 0;
  let hash = 0x811c9dc5 | 0;
  let start = -1;
  const { length } = text;
  for (let i = 0; i <= length; i++) {
    let unit = i < length ? fold[text.charCodeAt(i)]! : separator;
    if (unit === separator || unit >= alone) {
      if (unit >= varied) {
        if (!isSame) return false;
        unit &= ~varied;
      }
      const isInWord = unit !== separator && unit < alone;
      if (start >= 0 && !isInWord) {
        if (count === words.hashes.length) grow(words);
        words.hashes[count] = mix(hash);
        words.starts[count] = start;
        words.ends[count++] = i;
        start = -1;
      }
      if (unit === separator) continue;
    }
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
  words.text = text;
  return true;
}

/** The words that `scanWords` compares, in lower case with one blank between them. */
export function foldText(text: string): string {
  const words = createWords();
  scanWords(text, words);
  const parts: string[] = [];
  for (let w = 0; w < words.count; w++)
    parts.push(words.text.slice(words.starts[w], words.ends[w]).toLowerCase());
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
 * itself; and with `varied` where `sameText` may change it.
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
  for (const unit of variedUnits()) table[unit]! |= varied;
  return table;
}

/** Units that `sameText` changes by themselves, or that a unit before them may be composed with. */
function variedUnits(): Set<number> {
  // First halves of pairs with forms: mathematical and enclosed letters, Han for compatibility, marks,
  // selectors …
  const halves =
    "d800 d801 d802 d803 d804 d805 d806 d807 d818 d81a d81b d82f d833 d834 d835 d838 d839 d83a d83b d83c d83e " +
    "d87e db40 db41 db42 db43";
  const varied = new Set(halves.split(" ").map((half) => Number.parseInt(half, 16)));
  // Vowels and finals that Hangul syllables are composed with; the syllables need not be looked at.
  for (let unit = 0x1160; unit < 0x1200; unit++) varied.add(unit);
  // Neither Han, Hangul nor private letters have other forms. One call for all others: a call for each is
  // slow.
  const all: string[] = [];
  for (let unit = 0x80; unit < 0x10000; unit++) {
    if (unit === 0x3400) unit = 0xa000;
    if (unit === 0xac00) unit = 0xf900;
    all.push(String.fromCharCode(unit));
  }
  const decomposed = all.join("\n").normalize("NFD").split("\n");
  const same = sameText(all.join("\n")).split("\n");
  // Marks whose order is free: put behind a mark of the highest class, they go before it.
  const reordered = `\u0345${all.join("\n\u0345")}`.normalize("NFD").split("\n");
  for (const [i, character] of all.entries()) {
    if (same[i] !== character || !reordered[i]!.startsWith("\u0345")) varied.add(character.charCodeAt(0));
    const parts = decomposed[i]!;
    for (let part = 1; part < parts.length; part++) varied.add(parts.charCodeAt(part));
  }
  return varied;
}
