import { formatCount, formatDuration, formatValue } from "../src/format.ts";

/** A running clock in whole seconds, so that it does not flicker: `8 s`, `4 min 10 s`. */
export function formatClock(durationMs: number): string {
  const wholeMs = Math.floor(durationMs / 1000) * 1000;
  return wholeMs < 10_000 ? `${wholeMs / 1000} s` : formatDuration(wholeMs);
}

/**
 * A time to come, no more exact than it can be known: `a few seconds`, `about 45 s`, `about 2 min 30 s`,
 * `about 12 min`, `about 2 h 10 min`.
 */
export function formatAbout(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 5) return "a few seconds";
  const step = [5, 10, 60, 600].find((_, i) => seconds < [60, 300, 5400, 1e9][i]!) ?? 600;
  const whole = Math.ceil(seconds / step) * step;
  if (whole < 60) return `about ${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours >= 48) return `about ${Math.round(whole / 86_400)} d`;
  if (hours > 0) return `about ${hours} h${minutes > 0 ? ` ${minutes} min` : ""}`;
  return `about ${minutes} min${whole % 60 > 0 ? ` ${whole % 60} s` : ""}`;
}

/** A difference, always with its sign: `+0.1235`, `−0.02000`, `0`. */
export function formatDifference(value: number): string {
  if (!(Math.abs(value) > 0)) return formatValue(value);
  return `${value > 0 ? "+" : "−"}${formatValue(Math.abs(value))}`;
}

/** A speed in units per second, or in seconds per unit when it is slow: `3,210 tokens/s`, `4.2 s/step`. */
export function formatRate(perSecond: number, unit: string): string {
  if (perSecond > 0 && perSecond < 1) return `${(1 / perSecond).toFixed(1)} s/${singular(unit)}`;
  return `${perSecond < 100 ? perSecond.toFixed(1) : formatCount(perSecond)} ${unit}/s`;
}

/** A path below `cwd` relative to it; any other text unchanged. */
export function displayPath(path: string, cwd: string): string {
  if (path === cwd) return ".";
  return cwd !== "" && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}

/** Units are English plurals. */
function singular(unit: string): string {
  return unit.length > 1 && unit.endsWith("s") ? unit.slice(0, -1) : unit;
}
