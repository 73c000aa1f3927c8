import { fitColumns } from "../layout.ts";
import { type Theme, widths } from "../theme.ts";
import { type Line, plain, type View } from "./lines.ts";

export interface Cell {
  text: string;
  role?: keyof Theme;
}

export interface Column<Row> {
  title: string;
  align: "left" | "right";
  minWidth: number;
  /** The lowest is left out first where there is no room. */
  priority: number;
  /** Only shown when no other column has to be cut for it. */
  isOptional?: boolean;
  cell: (row: Row) => Cell;
}

export interface Table extends View {
  /** Whether columns are missing that should be there. */
  isCut: boolean;
  /** Titles of the columns that are missing. */
  missing: readonly string[];
}

/** Rows as a table of at most `width` characters: the titles stay, the rows scroll. */
export function tableView<Row>(
  wanted: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  role: (row: Row) => keyof Theme | undefined = () => undefined,
): Table {
  const gap = width < widths.roomy ? 1 : widths.gap;
  const all = wanted.map((column) => ({ ...column, cells: rows.map((row) => column.cell(row)) }));
  const columns = all.filter(({ cells }) => cells.some(({ text }) => text !== ""));
  const fitted = fitColumns(
    columns.map(({ title, align, minWidth, priority, isOptional = false, cells }) => {
      const natural = Math.max(title.length, ...cells.map(({ text }) => text.length));
      // Numbers are shown in full or not at all.
      const least = align === "right" ? natural : Math.min(minWidth, natural);
      return { width: natural, minWidth: least, priority, isOptional };
    }),
    width,
    gap,
  );
  const kept = columns.flatMap((column, i) => (fitted[i]! > 0 ? [{ ...column, width: fitted[i]! }] : []));
  const between = (at: number) => (at > 0 ? " ".repeat(gap) : "");
  const head = kept.map((column, at) => between(at) + fit(column.title, column)).join("");
  return {
    head: [plain(head, "muted")],
    body: rows.map((row, r): Line => {
      const ofRow = role(row);
      return kept.map((column, at) => {
        const { text, role: own = ofRow } = column.cells[r]!;
        const shown = between(at) + fit(text, column);
        return own ? { text: shown, role: own } : { text: shown };
      });
    }),
    isCut: columns.some(({ isOptional }, i) => fitted[i] === 0 && !isOptional),
    missing: columns.filter((_, i) => fitted[i] === 0).map(({ title }) => title),
  };
}

function fit(text: string, { width, align }: { width: number; align: "left" | "right" }): string {
  const short = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
  return align === "left" ? short.padEnd(width) : short.padStart(width);
}
