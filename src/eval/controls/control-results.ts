import type { Better } from "../../contracts/events.ts";
import type { Comparison } from "../results/figures.ts";

/** What a score is held against, so that it is not taken for more than it is. */
export type ControlResult = {
  model: string;
  benchmark: string;
  /** The headline's. */
  metric: string;
  better: Better;
} & (AskedControl | MajorityControl | PositionControl | ContaminationControl);

/** The same questions asked without their document, or with its sentences in another order. */
export interface AskedControl extends Paired {
  control: "no_context" | "shuffled_context";
  /** Questions without a document, which are in neither score. */
  without_document: number;
  failed: number;
}

/** Always the commonest right answer, or choice. No model is asked. */
export interface MajorityControl extends Paired {
  control: "majority";
  answer: string;
  /** Questions that it is the right answer to. */
  count: number;
}

/** Where right choices stand, and where the model's are. */
export interface PositionControl {
  control: "position";
  positions: {
    /** From 1. */
    position: number;
    /** Questions whose right choice stands there, and those of them answered rightly. */
    n: number;
    right: number;
    /** Answers of the model that stand there. */
    chosen: number;
  }[];
}

/** Questions and documents that training rows have as well. */
export interface ContaminationControl {
  control: "contamination";
  /** Training rows that were read. */
  rows: number;
  n: number;
  contaminated: Contaminated[];
  /** The score on all questions, and on those that are not contaminated; absent where there are none. */
  score: number;
  clean?: { value: number; low?: number; high?: number; n: number };
}

export interface Contaminated {
  id: string;
  /** What of it a training row has. */
  kind: "question" | "document";
  /** Share of its words that stand in shared runs of words; 1 where the whole question is the same. */
  share: number;
  /** The longest passage that both have, as the training row writes it. */
  text: string;
  /** The training row. */
  row: string;
}

/** The model's score on the same items beside the control's. */
interface Paired extends Pick<Comparison, "low" | "high" | "p" | "method" | "clusters"> {
  score: number;
  value: number;
  /** score − value. */
  difference: number;
  n: number;
}

export function pairedControl(found: Comparison): Paired {
  const { before: value, after: score, difference, n, low, high, p, method, clusters } = found;
  const known = Object.entries({ low, high, p, method, clusters }).filter(([, one]) => one !== undefined);
  return { score, value, difference, n, ...Object.fromEntries(known) };
}
