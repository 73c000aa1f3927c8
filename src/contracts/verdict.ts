/**
 * What a run comes to, in a few lines: for the end of plain lines, the screen and the report. An event has
 * it, so it is plain data. Texts are ready to show; paths and commands are relative to the working folder
 * where they are below it.
 */
export interface Verdict {
  /** `Better on long-qa. Worse on perplexity.`; "" where no two models were compared. */
  summary: string;
  /** One figure a benchmark; with several models, one for each that is compared with the first. */
  headlines: Headline[];
  /** What more there is to say of the figures, a line each, with a name of one word. */
  notes?: { name: string; text: string }[];
  cost: Cost;
  /** What to try next, the most telling first. */
  advice: Advice[];
  /** Commands to go on with. */
  next: NextStep[];
  /** What the run has left and where. */
  files: { name: "report" | "results" | "checkpoint" | "folder"; path: string }[];
}

/**
 * `unclear`: there is a difference but no interval, as of a single item. `measured`: there is nothing to
 * compare with.
 */
export type Outcome = "better" | "worse" | "same" | "unclear" | "measured";

/** Outcomes in signs and words: colour alone tells nothing to many. */
export const outcomeMarks: Readonly<Record<Outcome, { sign: string; word: string }>> = {
  better: { sign: "▲", word: "better" },
  worse: { sign: "▼", word: "worse" },
  same: { sign: "=", word: "no difference" },
  unclear: { sign: "?", word: "too few items" },
  measured: { sign: "", word: "" },
};

/** A value, with its 95 % interval where there is one. */
export interface Measured {
  value: number;
  low?: number;
  high?: number;
}

/** The one figure that a benchmark is summed up by. */
export interface Headline {
  benchmark: string;
  /** As in results.json: `rouge1`. */
  metric: string;
  /** As people write it: `ROUGE-1`. */
  name: string;
  better: "higher" | "lower";
  /** Labels. `baseline` is "" where there is nothing to compare with. */
  baseline: string;
  model: string;
  before?: Measured;
  after: Measured;
  /** After minus before over the same items, with the paired interval. */
  difference?: Measured;
  outcome: Outcome;
  /** Items. */
  n: number;
  /** Of the difference: how its interval was found, its p, and p by Holm over all headlines. */
  method?: string;
  p?: number;
  adjustedP?: number;
}

export interface Cost {
  /** Of all stages, also those that were done before this command. */
  durationMs: number;
  stages: { stage: string; durationMs: number }[];
  steps?: number;
  /** Tokens that training has read, and those of them under loss. */
  tokens?: number;
  supervisedTokens?: number;
  /** Of the process while it trained. */
  peakMemoryBytes?: number;
  /** All of it in one line. */
  text: string;
}

export interface Advice {
  /** Name of the rule: src/eval/verdict/rules. */
  rule: string;
  /** What was seen, with its numbers. */
  evidence: string;
  /** What to do about it. */
  advice: string;
}

export interface NextStep {
  title: string;
  /** What follows the program, quoted for a shell: `generate --checkpoint runs/q/train/final …`. */
  command: string;
}
