import { floatText } from "../../../jinja/values/float-text.ts";
import { asciiPunctuation, splitBlanks } from "../../text-metrics/python-text.ts";

const number =
  /^[-+]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?|inf|infinity|nan)$/i;
const article = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** What Python's `float` reads; undefined for any other text. */
export function floatIn(text: string): number | undefined {
  const [only = "", ...more] = splitBlanks(text);
  if (more.length > 0 || !number.test(only)) return undefined;
  const plain = only.replaceAll("_", "").toLowerCase();
  if (plain.endsWith("nan")) return Number.NaN;
  return plain.includes("inf") ? (plain.startsWith("-") ? -1 : 1) * Number.POSITIVE_INFINITY : Number(plain);
}

/** An answer as DROP compares it: lower case, without articles and punctuation, numbers as floats. */
export function normalized(answer: string): string {
  const words = answer.split(/ |-/).map((word) => {
    const lower = word.toLowerCase();
    const bare = floatIn(lower) === undefined ? lower.replace(asciiPunctuation, "") : lower;
    const value = floatIn(bare);
    const fixed = value === undefined ? bare : floatText(value);
    return splitBlanks(fixed.replace(article, " ")).join(" ");
  });
  return words.filter((word) => word !== "").join(" ");
}
