import { formatCount, formatValue } from "../../src/format.ts";
import { type Board, type BoardRow, isNow, isOver, type Part, partsOf } from "../state/board.ts";
import type { Measured } from "../state/results.ts";
import { glyphs, type Theme } from "../theme.ts";
import { type Cell, type Column, type Table, tableView } from "./table.ts";

/**
 * Every benchmark with every model: the headline figure over the items so far, its interval, how many are
 * done. A line a benchmark where the models fit beside each other, else one for each of both. `isWhole`: no
 * interval may be missing, whatever lines that takes.
 */
export function boardView(board: Board, width: number, isWhole = false): Table {
  if (board.rows.size === 0) return { head: [], body: [], isCut: false, missing: [] };
  const rows = [...board.rows.values()];
  const wide = tableView(wideColumns(board), rows, width);
  const isCut = wide.isCut || (isWhole && wide.missing.includes("95 %"));
  if (!isCut || board.models.length < 2) return wide;
  return tableView(longColumns(board), partsOf(board), width);
}

/** The line of `boardView` that is being worked on, to keep it in sight. */
export function nowLine(board: Board, lines: number): number {
  const { now } = board;
  if (!now) return 0;
  if (lines === board.rows.size) return [...board.rows.keys()].indexOf(now.benchmark);
  return partsOf(board).findIndex(({ row, model }) => isNow(board, row.benchmark, model));
}

function wideColumns(board: Board): Column<BoardRow>[] {
  return [
    {
      ...taskColumn,
      cell: (row) => signed(stateOf(board, row), row.benchmark),
    },
    { ...metricColumn, cell: metricOf },
    ...board.models.flatMap((model) =>
      partColumns<BoardRow>(
        (row) => row.byModel.get(model),
        (row) => row.planned,
      ).map((column, i) => (i === 0 ? { ...column, title: model } : column)),
    ),
  ];
}

type Row = ReturnType<typeof partsOf>[number];

function longColumns(board: Board): Column<Row>[] {
  return [
    {
      ...taskColumn,
      cell: ({ row, model, part }) =>
        signed(partState(part, isNow(board, row.benchmark, model)), row.benchmark),
    },
    { title: "model", align: "left", minWidth: 6, priority: 97, cell: ({ model }) => ({ text: model }) },
    { ...metricColumn, cell: ({ row }) => metricOf(row) },
    ...partColumns<Row>(
      ({ part }) => part,
      ({ row }) => row.planned,
    ),
  ];
}

const taskColumn = { title: "  task", align: "left", minWidth: 10, priority: 100 } as const;
const metricColumn = {
  title: "metric",
  align: "left",
  minWidth: 4,
  priority: 35,
  isOptional: true,
} as const;

/** What there is to say of one model's part. */
function partColumns<R>(partOf: (row: R) => Part | undefined, planned: (row: R) => number): Column<R>[] {
  const column = (
    title: string,
    priority: number,
    isOptional: boolean,
    text: (part: Part) => string,
    role?: keyof Theme,
  ): Column<R> => ({
    title,
    align: "right",
    minWidth: 1,
    priority,
    isOptional,
    cell(row) {
      const part = partOf(row);
      return { text: part ? text(part) : "", ...(role && { role }) };
    },
  });
  return [
    {
      ...column("score", 90, false, () => ""),
      cell: (row) => ({ text: valueText(partOf(row)?.score ?? null) }),
    },
    column("95 %", 40, true, ({ score }) => intervalText(score), "muted"),
    {
      ...column("items", 60, false, () => ""),
      cell: (row): Cell => itemsCell(partOf(row), planned(row)),
    },
    column("failed", 70, true, ({ failed }) => (failed > 0 ? formatCount(failed) : ""), "bad"),
    column("cut", 30, true, cutText, "caution"),
    column("items/s", 20, true, speedText, "muted"),
  ];
}

function metricOf({ metric, better }: BoardRow): Cell {
  return { text: metric === "" ? "" : `${metric} ${better === "higher" ? "↑" : "↓"}`, role: "muted" };
}

type State = "waiting" | "running" | "done";

function partState(part: Part | undefined, isRunning: boolean): State {
  if (part && isOver(part)) return "done";
  return isRunning ? "running" : "waiting";
}

function stateOf(board: Board, row: BoardRow): State {
  const parts = board.models.map((model) => row.byModel.get(model));
  if (parts.every((part) => part && isOver(part))) return "done";
  return parts.some((part, i) => partState(part, isNow(board, row.benchmark, board.models[i]!)) === "running")
    ? "running"
    : "waiting";
}

function signed(state: State, name: string): Cell {
  const role = ({ waiting: "muted", running: "running", done: undefined } as const)[state];
  return { text: `${glyphs[state]} ${name}`, ...(role && { role }) };
}

function itemsCell(part: Part | undefined, planned: number): Cell {
  if (!part) return { text: planned > 0 ? `0/${formatCount(planned)}` : glyphs.none, role: "muted" };
  const { done, total } = part;
  return done >= total
    ? { text: formatCount(total), role: "muted" }
    : { text: `${formatCount(done)}/${formatCount(total)}` };
}

function valueText(score: Measured | null): string {
  return score ? short(score.value) : glyphs.none;
}

function intervalText(score: Measured | null): string {
  if (score?.low === undefined || score.high === undefined) return "";
  return `${short(score.low)}–${short(score.high)}`;
}

/** Three digits: more are noise while items still come. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size > 1 && size < 100) return value.toPrecision(3);
  return size === 0 || (size >= 0.001 && size <= 1) ? value.toFixed(3) : formatValue(value);
}

function cutText({ cut, done }: Part): string {
  return cut > 0 && done > 0 ? `${Math.ceil((100 * cut) / done)} %` : "";
}

function speedText({ done, known, startMs, lastMs }: Part): string {
  const seconds = (lastMs - startMs) / 1000;
  const asked = done - known;
  if (asked < 2 || seconds < 1) return "";
  const rate = asked / seconds;
  return rate < 10 ? rate.toPrecision(2) : formatCount(rate);
}
