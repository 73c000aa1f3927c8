import type { Range } from "../../synthesize/sentences.ts";

/**
 * A text in the form in which it is compared: lower case, one blank for any white space, plain quotes and
 * dashes.
 */
export interface Folded {
  text: string;
  /** [text.length + 1] where each UTF-16 unit was in the original; the last entry is its end. */
  places: Int32Array;
}

const plain: Readonly<Record<string, string>> = {
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "‑": "-",
};

/** Folds away what models do not copy faithfully: white space, case and typography. */
export function fold(original: string): Folded {
  const places = new Int32Array(original.length + 1);
  const units: string[] = [];
  let blank = true;
  for (let i = 0; i < original.length; i++) {
    const unit = original[i]!;
    const isBlank = /\s/.test(unit);
    if (isBlank && blank) continue;
    blank = isBlank;
    const lower = unit.toLowerCase();
    places[units.length] = i;
    units.push(isBlank ? " " : (plain[unit] ?? (lower.length === 1 ? lower : unit)));
  }
  places[units.length] = original.length;
  return { text: units.join(""), places: places.subarray(0, units.length + 1) };
}

/**
 * Where `wanted` is in a text as whole words, in units of the original text; null where it is not. A full
 * stop at its end does not count.
 */
export function findIn(document: Folded, wanted: string): Range | null {
  const needle = fold(wanted).text.replace(/[.\s]+$/, "");
  if (needle === "") return null;
  for (let at = document.text.indexOf(needle); at >= 0; at = document.text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    if (joinsWord(document.text, at) || joinsWord(document.text, end)) continue;
    return { start: document.places[at]!, end: document.places[end - 1]! + 1 };
  }
  return null;
}

/**
 * Numbers of two or more digits in `text` that the document does not have; commas between digits are ignored.
 */
export function strangeNumbers(document: Folded, text: string): string[] {
  const known = new Set(numbersOf(document.text));
  return [...new Set(numbersOf(text))].filter((number) => number.length > 1 && !known.has(number));
}

function numbersOf(text: string): string[] {
  return [...text.matchAll(/\d+(?:[.,]\d+)*/g)].map(([number]) => number.replaceAll(",", ""));
}

/** Whether a word goes on across this place. */
function joinsWord(text: string, at: number): boolean {
  return at > 0 && at < text.length && /^[\p{L}\p{N}]{2}$/u.test(text.slice(at - 1, at + 1));
}
