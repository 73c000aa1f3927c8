/** About `count` round numbers from below `low` to above `high`: 1, 2 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number, count = 5): number[] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Values as good as equal get an axis all the same.
  const span = high - low > 1e-9 * size && size > 1e-12 ? high - low : Math.max(size, 1) / 10;
  const rough = span / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A few significant digits; whole numbers from a thousand on. */
export function format(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(digits)));
}

/** `+0.12`, `−0.12`. */
export function formatSigned(value: number, digits = 3): string {
  return value < 0 ? `−${format(-value, digits)}` : `${value > 0 ? "+" : ""}${format(value, digits)}`;
}
