/** Numbers as people read them; the same forms as the plain lines of the command. */

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

/** A running clock, in whole seconds so that it does not flicker: `8 s`, `4 min 10 s`. */
export function formatClock(durationMs: number): string {
  const wholeMs = Math.floor(durationMs / 1000) * 1000;
  return wholeMs < 10_000 ? `${wholeMs / 1000} s` : formatDuration(wholeMs);
}

/** Whole numbers with commas: `12,345`. */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString("en-US") : String(count);
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

/** Four significant digits, no exponent for everyday sizes: `0.1235`, `12.35`, `1,235`, `2.000e-5`. */
export function formatValue(value: number): string {
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  return size >= 1000 ? formatCount(value) : value.toPrecision(4);
}

/** A difference: always with its sign, `+0.1235`, `−0.02000`, `0`. */
export function formatDifference(value: number): string {
  if (!(Math.abs(value) > 0)) return formatValue(value);
  return `${value > 0 ? "+" : "−"}${formatValue(Math.abs(value))}`;
}

/** A speed in units a second, or seconds a unit when slower than that: `3,210 tokens/s`, `4.2 s/step`. */
export function formatRate(perSecond: number, unit: string): string {
  if (perSecond > 0 && perSecond < 1) return `${(1 / perSecond).toFixed(1)} s/${singular(unit)}`;
  return `${perSecond < 100 ? perSecond.toFixed(1) : formatCount(perSecond)} ${unit}/s`;
}

/** Names of a summary without underscores, paths below `cwd` relative, whole numbers with commas. */
export function formatSummary(summary: Readonly<Record<string, string | number>>, cwd: string): string {
  return Object.entries(summary)
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${formatEntry(value, cwd)}`)
    .join(", ");
}

function formatEntry(value: string | number, cwd: string): string {
  if (typeof value === "string") return displayPath(value, cwd);
  return Number.isInteger(value) ? formatCount(value) : formatValue(value);
}

/** A path below `cwd` relative to it, any other text as it is. */
export function displayPath(path: string, cwd: string): string {
  if (path === cwd) return ".";
  return cwd !== "" && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}

/** Units come as English plurals. */
function singular(unit: string): string {
  return unit.length > 1 && unit.endsWith("s") ? unit.slice(0, -1) : unit;
}
