import type { Verdict } from "./verdict.ts";

/**
 * What a run reports: typed, serialisable events. The screen, the plain lines and the NDJSON stream see
 * nothing else. Units are in the names. No event may hold a token of the Hub or another secret.
 */
export type StageName = (typeof stageOrder)[number];

/** In the order they run. */
export const stageOrder = ["data", "mix", "finetune", "eval"] as const;

/** Which values of a metric are better. */
export type Better = "higher" | "lower";

/** The plain mean over the supervised tokens that come from one dataset. */
export interface SourceLoss {
  lossNatsPerToken: number;
  supervisedTokens: number;
}

/** A figure of an evaluation that still runs. */
export interface RunningScore {
  metric: string;
  better: Better;
  value: number;
  /** 95 % interval, absent where there is none yet. */
  low?: number;
  high?: number;
}

export type RunEvent =
  | { type: "run.start"; name: string; runDir: string; stages: StageName[] }
  | { type: "stage.start"; stage: StageName }
  /** The hash of the stage's inputs is the one its outputs were made with, so it is not run again. */
  | { type: "stage.skip"; stage: StageName; reason: string }
  | {
      type: "stage.progress";
      stage: StageName;
      /** What is being worked on: a dataset, "tokenize", "pack", a benchmark … */
      label: string;
      done: number;
      /** 0 when not known. */
      total: number;
      /** "" where nothing is counted: the label alone says what goes on. */
      unit: string;
    }
  | { type: "stage.end"; stage: StageName; durationMs: number; summary: Record<string, string | number> }
  /** Where the stage computes, and why there. */
  | { type: "device"; stage: StageName; name: string; reason: string }
  | { type: "warning"; stage: StageName; message: string }
  | {
      type: "ledger";
      dataset: string;
      kept: number;
      dropped: number;
      shortened: number;
      changed: number;
      reasons: Record<string, number>;
    }
  | {
      type: "train.step";
      /** 1-based: this many optimizer steps are done. */
      step: number;
      totalSteps: number;
      /** Mean of the step by the mix's loss weights. */
      lossNatsPerToken: number;
      /** By dataset, unweighted. Absent in metrics of older versions. */
      lossBySource?: Record<string, SourceLoss>;
      gradNorm: number;
      lr: number;
      tokens: number;
      supervisedTokens: number;
      /** Plain losses before the update, whatever the weights of the mix. */
      tokensPerSecond: number;
      memoryBytes: number;
    }
  | {
      type: "train.validation";
      step: number;
      lossNatsPerToken: number;
      supervisedTokens: number;
      /** By dataset. Absent in metrics of older versions. */
      lossBySource?: Record<string, SourceLoss>;
    }
  | { type: "train.checkpoint"; step: number; path: string }
  /** Training goes on from the checkpoint of this step, before its first own step. */
  | { type: "train.resume"; step: number; path: string }
  | {
      /**
       * What an evaluation asks each of its models, in its order. Where more is known, as when the rows of
       * task files have been read, it comes again, perhaps with those alone.
       */
      type: "eval.plan";
      models: string[];
      /** `items`: how many; an estimate until `eval.running` tells of them, 0 where there is none. */
      benchmarks: { name: string; items: number }[];
    }
  | {
      /**
       * How far a benchmark is with a model, and its headline figure over the items answered so far. A few
       * times a second at most, and once when it is done.
       */
      type: "eval.running";
      model: string;
      benchmark: string;
      done: number;
      total: number;
      /** Of those done: answered by an earlier evaluation. */
      known: number;
      failed: number;
      /** Items of which something was cut so that they fit. */
      cut: number;
      /** Of what was asked now, not before. */
      tokens: number;
      /** Absent before the first item, and for a figure that items do not add up to. */
      score?: RunningScore;
    }
  | {
      type: "eval.result";
      /** Label of the checkpoint, "before" or "after" in a run. */
      model: string;
      benchmark: string;
      /** Length bucket, depth … or "" for the whole. */
      slice: string;
      metric: string;
      better: Better;
      value: number;
      /** 95 % interval, absent where there is none. */
      low?: number;
      high?: number;
      n: number;
      /** What was cut of the prompts; absent in runs of older versions. */
      cut?: { rows: number; share: number; tokens: number };
    }
  | {
      /** A question of a benchmark and a model's answer, as soon as there is one. */
      type: "eval.sample";
      model: string;
      benchmark: string;
      /** The same for every model. */
      id: string;
      /** The end of the prompt. */
      question: string;
      gold: string;
      prediction: string;
      /** Of the whole benchmark's metrics: what this item adds to them. */
      scores: Record<string, number>;
      /** Of the prompt or document, and of the answer where that is known. */
      tokens?: number;
      /** Something of the prompt was cut so that it fits. */
      isCut?: boolean;
      /** The item failed: nothing was predicted, and it is in no figure. */
      error?: string;
    }
  | {
      /** Where two models are compared: the second minus the first, over the same items. */
      type: "eval.difference";
      benchmark: string;
      slice: string;
      metric: string;
      better: Better;
      value: number;
      /** 95 % interval of the paired differences. */
      low: number;
      high: number;
      n: number;
    }
  /** Once, before the end of a run that is done. */
  | ({ type: "run.verdict" } & Verdict)
  | { type: "run.end"; status: "done"; runDir: string; durationMs: number }
  | { type: "run.end"; status: "stopped"; runDir: string; resumeCommand: string }
  | { type: "run.end"; status: "failed"; code: string; message: string };

/** The counts of a progress event about work that cannot be counted. */
export const uncounted = { done: 0, total: 0, unit: "" } as const;

/** Events of these types alone. */
export type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

export type RunEnd = EventOf<"run.end">;

export type Emit = (event: RunEvent) => void;

/** Polled between units of work; set from another thread by Ctrl-C. */
export interface StopSignal {
  readonly stopped: boolean;
}

/** How the user started the run, for what the report says of it. */
export interface Started {
  /** The whole command line, and how the command alone is called. */
  command: string;
  program: string;
}

/** What every stage gets. Paths are absolute. */
export interface StageContext {
  runDir: string;
  /**
   * Hash of everything that the stage's outputs depend on; see run/state/input-hash.ts. Without it,
   * unfinished work of an earlier run is not continued.
   */
  inputHash?: string;
  emit: Emit;
  stop: StopSignal;
  started?: Started;
}

/** Thrown by a stage that saw `stop.stopped`, after it has saved its work. */
export class Stopped extends Error {
  constructor() {
    super("stopped on request");
    this.name = "Stopped";
  }
}
