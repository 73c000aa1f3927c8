import { formatCount, formatDuration, formatValue } from "../src/format.ts";

/** A running clock in whole seconds, so that it does not flicker: `8 s`, `4 min 10 s`. */
export function formatClock(durationMs: number): string {
  const wholeMs = Math.floor(durationMs / 1000) * 1000;
  return wholeMs < 10_000 ? `${wholeMs / 1000} s` : formatDuration(wholeMs);
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

/** A summary: names without underscores, paths below `cwd` relative, whole numbers with commas. */
export function formatSummary(summary: Readonly<Record<string, string | number>>, cwd: string): string {
  return Object.entries(summary)
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${formatEntry(value, cwd)}`)
    .join(", ");
}

function formatEntry(value: string | number, cwd: string): string {
  if (typeof value === "string") return displayPath(value, cwd);
  return Number.isInteger(value) ? formatCount(value) : formatValue(value);
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
