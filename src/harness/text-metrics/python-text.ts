import { whiteSpace } from "../../jinja/syntax/lexer.ts";

const blankRuns = new RegExp(`[${whiteSpace}]+`);

/** Python's `string.punctuation`, which is ASCII's. */
export const asciiPunctuation = /[!-/:-@[-`{-~]/g;

/** Python's `str.split()`: the pieces between runs of white space, none of them empty. */
export function splitBlanks(text: string): string[] {
  return text.split(blankRuns).filter(Boolean);
}

/** What Python's `\d+` finds: digits of every script. */
export function digitRuns(text: string): string[] {
  return text.match(/\p{Nd}+/gu) ?? [];
}

/**
 * Python's `round(value, digits)`: of the exact value, halves to the even neighbour. `toFixed` is exact as
 * well and rounds halves up.
 */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  // A value lies halfway between two decimals only if this is an odd whole number.
  const halves = value * 2 ** (digits + 1);
  if (!Number.isInteger(halves) || halves % 2 === 0) return Number(value.toFixed(digits));
  const scale = 10 ** digits;
  const below = Math.floor(value * scale);
  const isHalf = value * scale - below === 0.5;
  if (!isHalf) return Number(value.toFixed(digits));
  return (below % 2 === 0 ? below : below + 1) / scale;
}
