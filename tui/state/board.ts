import type { Better, EventOf } from "../../src/contracts/events.ts";
import { addSample as count, emptyMeter, type Meter } from "./meter.ts";
import type { Measured } from "./results.ts";

/** A benchmark asked of one model, as far as it is. */
export interface Part extends Omit<EventOf<"eval.running">, "type" | "model" | "benchmark" | "score"> {
  readonly startMs: number;
  /** When its last items were counted. */
  readonly lastMs: number;
  /** Of the items and tokens that were asked now. */
  readonly items: Meter;
  readonly read: Meter;
  readonly score: Measured | null;
}

export interface BoardRow {
  readonly benchmark: string;
  /** "" until a score names it. */
  readonly metric: string;
  readonly better: Better;
  /** Of each model, as far as it is known; 0 where it is not. */
  readonly planned: number;
  readonly byModel: ReadonlyMap<string, Part>;
}

/** Benchmarks and task files, in their order, with every model's part. */
export interface Board {
  readonly models: readonly string[];
  readonly rows: ReadonlyMap<string, BoardRow>;
  /** The part that was counted last. */
  readonly now: { benchmark: string; model: string } | null;
}

export const emptyBoard: Board = { models: [], rows: new Map(), now: null };

const emptyRow = { metric: "", better: "higher", planned: 0, byModel: new Map<string, Part>() } as const;

export function addPlan(board: Board, { models, benchmarks }: EventOf<"eval.plan">): Board {
  const rows = new Map(board.rows);
  for (const { name, items } of benchmarks)
    rows.set(name, { ...emptyRow, benchmark: name, ...rows.get(name), planned: items });
  return { ...board, models: [...new Set([...board.models, ...models])], rows };
}

export function addRunning(board: Board, event: EventOf<"eval.running">, nowMs: number): Board {
  const { type: _, benchmark, model, score, ...counts } = event;
  const row = board.rows.get(benchmark) ?? { ...emptyRow, benchmark };
  const old = row.byModel.get(model);
  // A count that goes back is another evaluation's.
  const before = old && old.done <= counts.done ? old : undefined;
  const part: Part = {
    ...counts,
    startMs: before?.startMs ?? nowMs,
    lastMs: nowMs,
    items: count(before?.items ?? emptyMeter, counts.done - counts.known, nowMs),
    read: count(before?.read ?? emptyMeter, counts.tokens, nowMs),
    score: score ? measured(score) : (before?.score ?? null),
  };
  const named = score ? { metric: score.metric, better: score.better } : {};
  const next: BoardRow = { ...row, ...named, byModel: new Map(row.byModel).set(model, part) };
  return {
    models: board.models.includes(model) ? board.models : [...board.models, model],
    rows: new Map(board.rows).set(benchmark, next),
    now: { benchmark, model },
  };
}

/** A figure that is final takes the place of the running one. */
export function addFigure(board: Board, event: EventOf<"eval.result">): Board {
  const { benchmark, model, slice, metric, better } = event;
  const row = board.rows.get(benchmark);
  const part = row?.byModel.get(model);
  if (!row || !part || slice !== "" || (row.metric !== "" && row.metric !== metric)) return board;
  // Where the final figure has no interval, that of the items stays.
  const score = { ...part.score, ...measured(event) };
  const byModel = new Map(row.byModel).set(model, { ...part, score });
  return { ...board, rows: new Map(board.rows).set(benchmark, { ...row, metric, better, byModel }) };
}

export function isNow({ now }: Board, benchmark: string, model: string): boolean {
  return now?.benchmark === benchmark && now.model === model;
}

export function isOver({ done, total }: Part): boolean {
  return done >= total;
}

/** The parts in the order in which they are asked: all of the first model, then of the next. */
export function partsOf({ models, rows }: Board): { row: BoardRow; model: string; part?: Part }[] {
  return models.flatMap((model) =>
    [...rows.values()].map((row) => {
      const part = row.byModel.get(model);
      return { row, model, ...(part && { part }) };
    }),
  );
}

function measured({ value, low, high }: Measured): Measured {
  return { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}
