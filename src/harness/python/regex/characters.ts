import type { CharTest } from "./nodes.ts";

/** What \w \d \s mean: Python's `str.isalnum` and `_`, `str.isdecimal`, `str.isspace`. */
export interface Categories {
  word: CharTest;
  digit: CharTest;
  space: CharTest;
}

const ofPattern = (pattern: RegExp): CharTest => {
  // Most text is ASCII, and asking a regular expression for one character is slow.
  const ascii = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
  return (code) => (code < 128 ? ascii[code]! : pattern.test(String.fromCodePoint(code)));
};

export const unicode: Categories = {
  word: ofPattern(/[\p{L}\p{N}_]/u),
  digit: ofPattern(/\p{Nd}/u),
  space: ofPattern(/[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/),
};

export const ascii: Categories = {
  word: (code) => code < 128 && unicode.word(code),
  digit: (code) => code >= 0x30 && code <= 0x39,
  space: (code) => code === 0x20 || (code >= 0x09 && code <= 0x0d),
};

/** One code point in lower case as Python's `re` compares it: never two. */
export function lower(code: number): number {
  if (code < 128) return lowerAscii(code);
  // The one letter whose lower case is two characters.
  if (code === 0x130) return 0x69;
  return String.fromCodePoint(code).toLowerCase().codePointAt(0)!;
}

export function lowerAscii(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code;
}

let sameLetters: ReadonlyMap<number, readonly number[]> | undefined;

/**
 * All code points that are the same letter when case does not count, the given one among them: equal in lower
 * case, or different there with one upper case (`s` and `ſ`, `µ` and `μ`).
 */
export function sameLetter(code: number): readonly number[] {
  sameLetters ??= findSameLetters();
  return sameLetters.get(code) ?? [code];
}

function findSameLetters(): ReadonlyMap<number, readonly number[]> {
  const cased = /[\p{Changes_When_Lowercased}\p{Changes_When_Uppercased}]/u;
  const byUpper = new Map<string, number[]>();
  const codes: number[] = [];
  for (let code = 0; code < 0x1e944; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (cased.test(String.fromCodePoint(code))) codes.push(code);
  }
  for (const code of codes) {
    const upper = String.fromCodePoint(lower(code)).toUpperCase();
    const group = byUpper.get(upper);
    if (group) group.push(code);
    else byUpper.set(upper, [code]);
  }
  return new Map([...byUpper.values()].flatMap((group) => group.map((code) => [code, group] as const)));
}
