/**
 * A float as Python's repr writes it: the shortest digits that give it back, `1.0`, `1e-05`, `1e+16`, `inf`,
 * `nan`.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = shortestDigits(Math.abs(value));
  const sign = value < 0 ? "-" : "";
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}e${exponentText(exponent)}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** The shortest digits of a positive number, and the power of ten of the first one. */
function shortestDigits(value: number): [digits: string, exponent: number] {
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return [mantissa.replace(".", ""), Number(exponent)];
}

/** A sign and two digits at least: `+16`, `-05`. */
export function exponentText(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
