import { outcomeMarks } from "../src/contracts/verdict.ts";
import { formatCount, formatShare, formatValue } from "../src/format.ts";
import { formatDifference } from "./format.ts";
import { fitColumns } from "./layout.ts";
import { differenceOf, type Measured, type ResultRow, type Results, verdict } from "./state/results.ts";
import { glyphs, widths } from "./theme.ts";

export interface ResultCell {
  text: string;
  tone: "plain" | "muted" | "better" | "worse";
}

/** A table for a given width. Columns that did not fit are left out. */
export interface ResultsTable {
  /** Spaces between columns. */
  gap: number;
  columns: { title: string; width: number; align: "left" | "right" }[];
  rows: { key: string; cells: ResultCell[] }[];
}

interface Column {
  title: string;
  align: "left" | "right";
  minWidth: number;
  priority: number;
  isOptional?: boolean;
  cell: (row: ResultRow) => ResultCell;
}

/** The results as a table of at most `width` characters. */
export function layoutResults(results: Results, width: number): ResultsTable {
  const all = [...results.rows];
  const gap = width < widths.roomy ? 1 : widths.gap;
  const hasText = (column: Column) => all.some(([, row]) => column.cell(row).text !== "");
  const columns = columnsOf(results.models).filter(hasText);
  const cells = all.map(([, row]) => columns.map((column) => column.cell(row)));
  const natural = columns.map((column) => {
    const texts = all.map(([, row]) => column.cell(row).text.length);
    return Math.max(column.title.length, ...texts);
  });
  const fitted = fitColumns(
    columns.map(({ align, minWidth, priority, isOptional = false }, i) => ({
      width: natural[i]!,
      // Numbers are shown in full or not at all.
      minWidth: align === "right" ? natural[i]! : Math.min(minWidth, natural[i]!),
      priority,
      isOptional,
    })),
    width,
    gap,
  );
  const kept = columns.flatMap((column, i) => (fitted[i]! > 0 ? [{ ...column, width: fitted[i]!, i }] : []));
  return {
    gap,
    columns: kept.map(({ title, width, align }) => ({ title, width, align })),
    rows: all.map(([key], row) => ({ key, cells: kept.map(({ i }) => cells[row]![i]!) })),
  };
}

function columnsOf(models: readonly string[]): Column[] {
  return [
    {
      title: "benchmark",
      align: "left",
      minWidth: 8,
      priority: 100,
      cell: (row) => plain(row.benchmark),
    },
    { title: "slice", align: "left", minWidth: 6, priority: 80, cell: (row) => plain(row.slice || "all") },
    { title: "metric", align: "left", minWidth: 6, priority: 70, cell: (row) => plain(row.metric) },
    {
      title: "n",
      align: "right",
      minWidth: 1,
      priority: 30,
      isOptional: true,
      cell: (row) => ({ text: formatCount(row.n), tone: "muted" }),
    },
    {
      // Where prompts were cut: the share of rows. A score of such rows says so.
      title: "cut",
      align: "right",
      minWidth: 1,
      priority: 60,
      isOptional: true,
      cell: (row) => ({ text: row.cut ? formatShare(row.cut) : "", tone: "muted" }),
    },
    ...models.flatMap(modelColumns),
    ...(models.length === 2 ? changeColumns(models) : []),
  ];
}

/** The value of one model, and its interval. */
function modelColumns(model: string, i: number): Column[] {
  return [
    {
      title: model,
      align: "right",
      minWidth: 6,
      priority: 90 + i,
      cell: (row) => plain(valueText(row.byModel.get(model))),
    },
    {
      title: "95 %",
      align: "right",
      minWidth: 6,
      priority: 10 + i,
      isOptional: true,
      cell: (row) => ({ text: intervalText(row.byModel.get(model)), tone: "muted" }),
    },
  ];
}

/** The difference of two models, and its interval. */
function changeColumns(models: readonly string[]): Column[] {
  return [
    {
      title: "change",
      align: "right",
      minWidth: 6,
      priority: 85,
      cell: (row) => {
        const difference = differenceOf(row, models);
        if (!difference) return { text: glyphs.none, tone: "muted" };
        const tone = verdict(row.better, difference);
        const text = `${formatDifference(difference.value)} ${outcomeMarks[tone].sign}`;
        return { text, tone: tone === "same" ? "plain" : tone };
      },
    },
    {
      title: "95 %",
      align: "right",
      minWidth: 6,
      priority: 20,
      isOptional: true,
      cell: (row) => ({ text: intervalText(differenceOf(row, models), formatDifference), tone: "muted" }),
    },
  ];
}

function plain(text: string): ResultCell {
  return { text, tone: "plain" };
}

function valueText(measured: Measured | undefined): string {
  return measured ? formatValue(measured.value) : glyphs.none;
}

function intervalText(measured: Measured | null | undefined, format = formatValue): string {
  if (measured?.low === undefined || measured.high === undefined) return "";
  return `[${format(measured.low)}, ${format(measured.high)}]`;
}
