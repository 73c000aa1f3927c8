import { TemplateRuntimeError } from "../errors.ts";
import { exponentText } from "./float-text.ts";

/** Most digits after the point, and widest field: a longer text than this is no number's. */
export const maxPrecision = 100;
export const maxWidth = 10_000;

/** The magnitude of a float in one of C's forms (`f`, `e`, `g`), rounded half to even on its exact value. */
export function formatFloat(
  value: number,
  form: "f" | "e" | "g",
  precision: number,
  keepsZeros = false,
): string {
  if (precision > maxPrecision)
    throw new TemplateRuntimeError(`expected a precision of at most ${maxPrecision}, got ${precision}`);
  const size = Math.abs(value);
  if (Number.isNaN(size)) return "nan";
  if (size === Number.POSITIVE_INFINITY) return "inf";
  if (form === "f") return fixed(size, precision);
  if (form === "e") return scientific(size, precision);
  const digits = Math.max(1, precision);
  const exponent = size === 0 ? 0 : Number(scientific(size, digits - 1).split("e")[1]);
  const isScientific = exponent < -4 || exponent >= digits;
  const text = isScientific ? scientific(size, digits - 1) : fixed(size, digits - 1 - exponent);
  if (keepsZeros) return text;
  const [mantissa, power] = text.split("e") as [string, string?];
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return power === undefined ? short : `${short}e${power}`;
}

function fixed(size: number, precision: number): string {
  if (size >= 1e21) return `${BigInt(size)}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
  return halfToEven(size.toFixed(precision), size.toFixed(maxPrecision), precision);
}

function scientific(size: number, precision: number): string {
  const [rounded, exponent] = size.toExponential(precision).split("e") as [string, string];
  const [exact, exactExponent] = size.toExponential(maxPrecision).split("e") as [string, string];
  const mantissa = exponent === exactExponent ? halfToEven(rounded, exact, precision) : rounded;
  return `${mantissa}e${exponentText(Number(exponent))}`;
}

/**
 * JavaScript rounds a half up: `exact`, the same number with more digits, tells halves, and these go to the
 * even digit.
 */
function halfToEven(rounded: string, exact: string, precision: number): string {
  const point = exact.indexOf(".");
  const cut = exact.slice(0, precision === 0 ? point : point + 1 + precision);
  const rest = exact.slice(point + 1 + precision);
  const isHalf = /^50*$/.test(rest);
  return isHalf && Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
}
