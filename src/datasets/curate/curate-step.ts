import type { Example } from "../../contracts/example.ts";
import type { Reason } from "../reason.ts";

/** A curation step's result for an example: null to keep it, or dropped, or a changed example. */
export type Verdict = null | { dropped: Reason } | { example: Example; changed: Reason };

/** One step. Examples come in the order of the recipe; a step may remember those it has seen. */
export type CurateStep = (example: Example) => Verdict;
