import { mapJsonParts } from "../../../json-strings.ts";
import { isInexact } from "./inexact.ts";

/** A value, and how often the text had `NaN`, `Infinity` or `-Infinity` in place of one. */
export interface ParsedJson {
  value: unknown;
  /** The text that is JSON: with null in place of what is no number. */
  text: string;
  notNumbers: number;
}

/**
 * JSON as Python's `json.dumps` writes it: NaN and infinities, which JSON does not have and which stand for
 * what is missing, are read as null. Throws SyntaxError.
 */
export function parseJson(given: string): ParsedJson {
  try {
    return { value: JSON.parse(given) as unknown, text: given, notNumbers: 0 };
  } catch (error) {
    if (!/NaN|Infinity/.test(given)) throw error;
    const { text, notNumbers } = withoutNotNumbers(given);
    if (notNumbers === 0) throw error;
    return { value: JSON.parse(text) as unknown, text, notNumbers };
  }
}

function withoutNotNumbers(given: string): { text: string; notNumbers: number } {
  let notNumbers = 0;
  const text = outsideTexts(given, /-?\b(?:NaN|Infinity)\b/g, (found) => {
    // Python's own reader takes no minus before NaN.
    if (found === "-NaN") return found;
    notNumbers++;
    return "null";
  });
  return { text, notNumbers };
}

/**
 * JSON with inexact numbers as text, digit by digit, as for Parquet. A number with a point or an exponent was
 * never exact and stays a number, unless it is beyond the largest.
 */
export function withExactNumbers(json: string): string {
  return outsideTexts(json, /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (found) => {
    if (!isInexact(Number(found))) return found;
    return /^-?\d+$/.test(found) || !Number.isFinite(Number(found)) ? `"${found}"` : found;
  });
}

function outsideTexts(json: string, pattern: RegExp, map: (found: string) => string): string {
  return mapJsonParts(
    json,
    (text) => text,
    (between) => between.replace(pattern, map),
  );
}
