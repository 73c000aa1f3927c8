import {
  type EventOf,
  type RunEnd,
  type RunEvent,
  type StageName,
  stageOrder,
} from "../../src/contracts/events.ts";
import type { Verdict } from "../../src/contracts/verdict.ts";
import { cleanEvent } from "../clean.ts";
import { addFigure, addPlan, addRunning, type Board, emptyBoard } from "./board.ts";
import { emptyMeter, type Meter, addSample as measure } from "./meter.ts";
import { addDifference, addResult, emptyResults, type Results } from "./results.ts";
import { addSample, type Samples } from "./samples.ts";
import { addStep, addValidation, addValidationPack, emptyTraining, type Training } from "./training.ts";
import type { Work } from "./work.ts";

export type StageStatus = "waiting" | "running" | "done" | "unchanged" | "stopped" | "failed";
export type Ledger = EventOf<"ledger"> & { stage: StageName };

export interface StageState {
  readonly name: StageName;
  readonly status: StageStatus;
  readonly startMs: number;
  /** 0 until the stage has ended. */
  readonly durationMs: number;
  readonly summary: Readonly<Record<string, string | number>>;
  /** Why the stage was skipped. */
  readonly reason: string;
}

export interface Progress extends Omit<EventOf<"stage.progress">, "type"> {
  readonly meter: Meter;
}

/** A finished line, printed once above the live part. */
export type LogEntry =
  | EventOf<"stage.end">
  | EventOf<"stage.skip">
  | EventOf<"warning">
  | EventOf<"train.checkpoint">
  | EventOf<"train.resume">
  | RunEnd;

/** Everything the screen shows. Only `reduce`, `tick` and `requestStop` make a new one. */
export interface RunState {
  readonly title: string;
  readonly runDir: string;
  /** The device, for the header. */
  readonly device: string;
  /** How the user calls the command. */
  readonly command: string;
  /** Paths below this folder are shown relative to it. */
  readonly cwd: string;
  /** What the recipe asks for; null where it is not known. */
  readonly work: Work | null;
  readonly startMs: number;
  readonly nowMs: number;
  /** 0 while it is not known. */
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
  readonly stages: readonly StageState[];
  /** The stage for events that do not name one: the last to start or be skipped. */
  readonly stage: StageName | null;
  readonly progress: Progress | null;
  readonly training: Training;
  /** By stage and dataset. */
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly results: Results;
  readonly board: Board;
  readonly samples: Samples;
  /** What the run comes to; null until it is done. */
  readonly verdict: Verdict | null;
  readonly warnings: number;
  readonly log: readonly LogEntry[];
  readonly stopping: boolean;
  /** When the screen of a run that has ended leaves by itself; null: it stays until a key. */
  readonly leavesAtMs: number | null;
  readonly end: RunEnd | null;
}

export function initialState(
  options: Pick<RunState, "title" | "runDir" | "device" | "command" | "cwd" | "work">,
  nowMs: number,
): RunState {
  return {
    ...options,
    startMs: nowMs,
    nowMs,
    memoryBytes: 0,
    peakMemoryBytes: 0,
    stages: stageOrder.map(waiting),
    stage: null,
    progress: null,
    training: emptyTraining,
    ledgers: new Map(),
    results: emptyResults,
    board: emptyBoard,
    samples: new Map(),
    verdict: null,
    warnings: 0,
    log: [],
    stopping: false,
    leavesAtMs: null,
    end: null,
  };
}

/** The state after an event that arrived at `nowMs`. Pure. */
export function reduce(before: RunState, dirty: RunEvent, nowMs: number): RunState {
  const event = cleanEvent(dirty);
  const state = { ...before, nowMs };
  switch (event.type) {
    case "run.start":
      return { ...state, runDir: event.runDir, stages: event.stages.map(waiting) };
    case "stage.start":
      return {
        ...withStage(state, event.stage, { status: "running", startMs: nowMs }),
        stage: event.stage,
        progress: null,
      };
    case "stage.skip":
      return {
        ...withStage(state, event.stage, { status: "unchanged", reason: event.reason }),
        stage: event.stage,
        log: [...state.log, event],
      };
    case "stage.progress":
      return addProgress(state, event, nowMs);
    case "stage.end":
      return {
        ...withStage(state, event.stage, {
          status: "done",
          durationMs: event.durationMs,
          summary: event.summary,
        }),
        progress: null,
        log: [...state.log, event],
      };
    case "device":
      return { ...state, device: state.device.replace(/^(device \S+, )?/, `device ${event.name}, `) };
    case "warning":
      return addWarning(state, event);
    case "ledger":
      return addLedger(state, event);
    case "train.step":
      return {
        ...withMemory(state, event.memoryBytes),
        training: addStep(state.training, event, nowMs),
        progress: null,
      };
    case "train.validation":
      return { ...state, training: addValidation(state.training, event, nowMs), progress: null };
    case "train.checkpoint":
    case "train.resume":
      return {
        ...state,
        training: { ...state.training, checkpointStep: event.step },
        log: [...state.log, event],
      };
    case "eval.plan":
      return { ...state, board: addPlan(state.board, event) };
    case "eval.running":
      return { ...state, board: addRunning(state.board, event, nowMs) };
    case "eval.result":
      return {
        ...state,
        results: addResult(state.results, event),
        board: addFigure(state.board, event),
      };
    case "eval.difference":
      return { ...state, results: addDifference(state.results, event) };
    case "eval.sample":
      return { ...state, samples: addSample(state.samples, event) };
    case "run.verdict": {
      const { type: _, ...verdict } = event;
      return { ...state, verdict };
    }
    case "run.end":
      return endRun(state, event);
  }
}

/** The state after time has passed. Pure. */
export function tick(state: RunState, nowMs: number, memoryBytes: number): RunState {
  return withMemory({ ...state, nowMs }, memoryBytes);
}

/** The state after the user asked for a stop. */
export function requestStop(state: RunState): RunState {
  return { ...state, stopping: true };
}

/** The state in which the screen leaves at this time, or with null not by itself. */
export function leaveAt(state: RunState, leavesAtMs: number | null): RunState {
  return { ...state, leavesAtMs };
}

function waiting(name: StageName): StageState {
  return { name, status: "waiting", startMs: 0, durationMs: 0, summary: {}, reason: "" };
}

/** A stage that `run.start` did not name is added: the events are right, the list was not. */
function withStage(state: RunState, name: StageName, change: Partial<StageState>): RunState {
  const known = state.stages.some((stage) => stage.name === name);
  const stages = known ? state.stages : [...state.stages, waiting(name)];
  return { ...state, stages: stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage)) };
}

function withMemory(state: RunState, memoryBytes: number): RunState {
  return { ...state, memoryBytes, peakMemoryBytes: Math.max(state.peakMemoryBytes, memoryBytes) };
}

function addProgress(state: RunState, event: EventOf<"stage.progress">, nowMs: number): RunState {
  const next = { ...state, progress: nextProgress(state, event, nowMs) };
  const { stage, label, done, total } = event;
  if (stage === "finetune" && label === "validation") {
    return { ...next, training: addValidationPack(state.training, done, total, nowMs) };
  }
  return next;
}

/**
 * The speed continues while the same thing is counted. What training steps already show is not shown twice.
 */
function nextProgress(state: RunState, event: EventOf<"stage.progress">, nowMs: number): Progress | null {
  const { type: _, ...progress } = event;
  const { last } = state.training;
  if (last && event.done === last.step && event.total === last.totalSteps) return null;
  const before = state.progress;
  const isSame = before?.stage === event.stage && before.label === event.label && before.unit === event.unit;
  return { ...progress, meter: measure(isSame ? before.meter : emptyMeter, event.done, nowMs) };
}

/** A warning that comes again is counted but not printed again. */
function addWarning(state: RunState, event: EventOf<"warning">): RunState {
  const isKnown = state.log.some(
    (entry) => entry.type === "warning" && entry.stage === event.stage && entry.message === event.message,
  );
  return { ...state, warnings: state.warnings + 1, log: isKnown ? state.log : [...state.log, event] };
}

function addLedger(state: RunState, event: EventOf<"ledger">): RunState {
  const stage = state.stage ?? "data";
  const key = JSON.stringify([stage, event.dataset]);
  return { ...state, ledgers: new Map(state.ledgers).set(key, { ...event, stage }) };
}

function endRun(state: RunState, event: RunEnd): RunState {
  const status = event.status === "stopped" ? "stopped" : "failed";
  const stages = state.stages.map((stage) =>
    stage.status === "running" && event.status !== "done"
      ? { ...stage, status, durationMs: state.nowMs - stage.startMs }
      : stage,
  ) satisfies StageState[];
  return { ...state, stages, progress: null, end: event, log: [...state.log, event] };
}
