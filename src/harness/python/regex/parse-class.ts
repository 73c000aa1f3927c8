import { ascii, lower, lowerAscii, sameLetter, unicode } from "./characters.ts";
import type { CharTest, Node } from "./nodes.ts";
import type { Source } from "./source.ts";

export interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  verbose: boolean;
  ascii: boolean;
}

const octal = "01234567";
const hex = "0123456789abcdefABCDEF";
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** \d \D \s \S \w \W, or undefined. */
export function categoryTest(char: string, flags: Flags): CharTest | undefined {
  const { word, digit, space } = flags.ascii ? ascii : unicode;
  const test = { d: digit, s: space, w: word }[char.toLowerCase()];
  if (!test || char === "") return undefined;
  return char === char.toLowerCase() ? test : (code) => !test(code);
}

/**
 * The character that an escape says in a class and outside of one alike (`\n`, `\x41`, `\.`), its first
 * character being taken already; undefined where it says none.
 */
export function escapedChar(source: Source, char: string): number | undefined {
  if (Object.hasOwn(controls, char)) return controls[char];
  const digits = Object.hasOwn(hexDigits, char) ? hexDigits[char]! : 0;
  if (digits > 0) {
    const text = source.takeWhile(digits, hex);
    const code = Number.parseInt(text, 16);
    if (text.length !== digits || code > 0x10ffff)
      source.fail(`${digits} hexadecimal digits of a character after \\${char}`, text || "none");
    return code;
  }
  if (char === "N") source.fail("a character", "\\N{…}: a character by its name, which is not supported");
  if (/[A-Za-z]/.test(char)) source.fail("an escape that Python knows", `\\${char}`);
  return /[0-9]/.test(char) ? undefined : char.codePointAt(0);
}

/** `\0`, `\17`: a character in octal, its first digits being taken already. */
export function octalChar(source: Source, first: string): number {
  const code = Number.parseInt(first + source.takeWhile(3 - first.length, octal), 8);
  if (code > 0o377) source.fail("an octal escape of at most \\377", `\\${code.toString(8)}`);
  return code;
}

type Item = CharTest | readonly [first: number, last: number];

/** What stands between `[` and `]`, the first of which is taken already. */
export function parseClass(source: Source, flags: Flags): Node {
  const isNegated = source.takes("^");
  const items: Item[] = [];
  for (;;) {
    if (source.isAtEnd) source.fail("a ] that ends the character class", "the pattern's end");
    const char = source.take();
    if (char === "]" && items.length > 0) break;
    const first = classChar(source, char, flags);
    if (!source.takes("-")) {
      items.push(typeof first === "number" ? [first, first] : first);
      continue;
    }
    if (source.isAtEnd) source.fail("a ] that ends the character class", "the pattern's end");
    const next = source.take();
    if (next === "]") {
      items.push(typeof first === "number" ? [first, first] : first, [45, 45]);
      break;
    }
    const last = classChar(source, next, flags);
    if (typeof first !== "number" || typeof last !== "number" || first > last)
      source.fail("a range whose first character is not after its last", "another one");
    items.push([first, last]);
  }
  const only = items.length === 1 && !isNegated ? items[0]! : undefined;
  if (Array.isArray(only) && only[0] === only[1]) return charNode(only[0], flags);
  return { type: "test", test: quick(classTest(items, isNegated, flags)) };
}

function classChar(source: Source, char: string, flags: Flags): number | CharTest {
  if (char !== "\\") return char.codePointAt(0)!;
  const escaped = source.take();
  if (escaped === "") source.fail("a character after \\", "the pattern's end");
  if (escaped === "b") return 8;
  const category = categoryTest(escaped, flags);
  if (category) return category;
  if (octal.includes(escaped)) return octalChar(source, escaped);
  return escapedChar(source, escaped) ?? source.fail("an escape that Python knows", `\\${escaped}`);
}

function classTest(items: readonly Item[], isNegated: boolean, flags: Flags): CharTest {
  const has = (item: Item, code: number, folded: number): boolean =>
    typeof item === "function" ? item(folded) : code >= item[0] && code <= item[1];
  if (!flags.ignoreCase) return (code) => items.some((item) => has(item, code, code)) !== isNegated;
  const fold = flags.ascii ? lowerAscii : lower;
  return (code) => {
    const folded = fold(code);
    const letters = lettersLike(code, flags);
    return items.some((item) => letters.some((letter) => has(item, letter, folded))) !== isNegated;
  };
}

function lettersLike(code: number, flags: Flags): readonly number[] {
  if (!flags.ascii) return sameLetter(code);
  const small = lowerAscii(code);
  return small >= 0x61 && small <= 0x7a ? [small, small - 32] : [code];
}

/** One character, by the flags in any case. */
export function charNode(code: number, flags: Flags): Node {
  const letters = flags.ignoreCase ? lettersLike(code, flags) : [code];
  return letters.length > 1 ? { type: "test", test: (one) => letters.includes(one) } : { type: "char", code };
}

/** Answers for the first characters looked up. */
function quick(test: CharTest): CharTest {
  const known = Uint8Array.from({ length: 256 }, (_, code) => Number(test(code)));
  return (code) => (code < 256 ? known[code] === 1 : test(code));
}
