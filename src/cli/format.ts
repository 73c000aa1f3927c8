/** `0.8 s`, `12 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whole numbers with commas: `12,345`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
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

/** A measured value with four significant digits, no exponent for everyday sizes: `0.1235`, `12.35`, `1235`, `2.000e-5`. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(3);
  if (size >= 1000) return formatCount(value);
  return value.toPrecision(4);
}

/** What a stage's summary holds: texts as they are, whole numbers with commas, others with four digits. */
export function formatSummary(summary: Readonly<Record<string, string | number>>): string {
  return Object.entries(summary)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : formatNumber(value)}`)
    .join(", ");
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatValue(value);
}

/** Columns padded to the widest cell; all but the first `leftColumns` are right-aligned. Lines have no trailing blanks. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 1,
): string[] {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) =>
        i < leftColumns ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width),
      )
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)];
}
