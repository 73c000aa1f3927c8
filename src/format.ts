/** Numbers as users read them, on the live screen and in plain lines. */

/** `0.8 s`, `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Whole numbers with commas: `12,345`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString("en-US") : String(count);
}

/** Examples that are in, and how many of them not as they came: `38 kept (2 shortened, 1 changed)`. */
export function formatKept(counts: { kept: number; shortened: number; changed: number }): string {
  const { kept, shortened, changed } = counts;
  const altered = [
    ...(shortened > 0 ? [`${formatCount(shortened)} shortened`] : []),
    ...(changed > 0 ? [`${formatCount(changed)} changed`] : []),
  ];
  const all = `${formatCount(kept + shortened + changed)} kept`;
  return altered.length === 0 ? all : `${all} (${altered.join(", ")})`;
}

/** Rows whose prompts were cut, beside a score: `12 of them cut (30 %, 5,120 tokens)`; "" where none was. */
export function formatCut(cut: { rows: number; share: number; tokens: number } | undefined): string {
  if (cut === undefined || cut.rows === 0) return "";
  const { rows, tokens } = cut;
  return `${formatCount(rows)} of them cut (${formatShare(cut)}, ${formatCount(tokens)} tokens)`;
}

/** The share of rows that were cut: `30 %`; "" where none was. */
export function formatShare({ rows, share }: { rows: number; share: number }): string {
  if (rows === 0) return "";
  return share < 0.01 ? "< 1 %" : `${share < 1 ? Math.min(99, Math.round(100 * share)) : 100} %`;
}

/** `512 B`, `1.5 KiB`, `812 MiB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/**
 * Four significant digits; an exponent only for very large and very small values: `0.1235`, `12.35`, `1,235`,
 * `2.000e-5`.
 */
export function formatValue(value: number): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  return size >= 1000 ? formatCount(value) : value.toPrecision(4);
}

/** A probability as it is told: `0.032`, `< 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(p < 0.0995 ? 3 : 2);
}
