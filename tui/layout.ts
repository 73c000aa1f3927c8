/**
 * Which sections of the screen get how many rows. When the live part is as tall as the terminal, Ink clears
 * the whole screen and it flickers. So rows are given out in order of importance until none are left.
 */

/** A wish that `section` has `rows` rows in all. */
export interface Wish<S extends string> {
  section: S;
  rows: number;
}

/** Grants wishes in their order as long as there are rows; skips a wish that does not fit. */
export function planRows<S extends string>(wishes: readonly Wish<S>[], budget: number): Map<S, number> {
  const rows = new Map<S, number>();
  let used = 0;
  for (const wish of wishes) {
    const more = wish.rows - (rows.get(wish.section) ?? 0);
    if (more <= 0 || used + more > budget) continue;
    rows.set(wish.section, wish.rows);
    used += more;
  }
  return rows;
}

/** One wish for each height from `from` to `to`, both included. */
export function growing<S extends string>(section: S, from: number, to: number): Wish<S>[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({ section, rows: from + i }));
}

/** A column of a table before the width of the table is known. */
export interface ColumnWish {
  /** The width of its longest cell. */
  width: number;
  /** The width it may be cut to. */
  minWidth: number;
  /** The column with the lowest priority is dropped first when there is no room. */
  priority: number;
  /** Only shown when no other column has to be cut for it. */
  isOptional?: boolean;
}

/**
 * Widths of the columns in `available` characters with `gap` between them; 0 for a dropped column. Columns
 * that cannot be cut keep their width. The others share the rest in proportion to what they lack.
 */
export function fitColumns(columns: readonly ColumnWish[], available: number, gap: number): number[] {
  const kept = new Set(columns.keys());
  const sum = (of: (column: ColumnWish) => number) =>
    [...kept].reduce((total, i) => total + of(columns[i]!), Math.max(0, kept.size - 1) * gap);
  const dropLeast = (candidates: number[]) =>
    kept.delete(candidates.reduce((a, b) => (columns[b]!.priority < columns[a]!.priority ? b : a)));
  const optional = () => [...kept].filter((i) => columns[i]!.isOptional);
  while (kept.size > 1 && optional().length > 0 && sum((column) => column.width) > available) {
    dropLeast(optional());
  }
  while (kept.size > 1 && sum((column) => column.minWidth) > available) dropLeast([...kept]);
  let spare = Math.max(0, available - sum((column) => column.minWidth));
  let lack = sum((column) => column.width) - sum((column) => column.minWidth);
  return columns.map((column, i) => {
    if (!kept.has(i)) return 0;
    const wanted = column.width - column.minWidth;
    const extra = lack <= spare ? wanted : Math.floor((wanted / lack) * spare);
    lack -= wanted;
    spare -= extra;
    return Math.min(available, column.minWidth + extra);
  });
}
