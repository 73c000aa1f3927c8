import type { Example } from "../../contracts/example.ts";
import type { Reason } from "../reason.ts";

/** What a step of curation makes of an example: kept (null), dropped, or another text. */
export type Verdict = null | { dropped: Reason } | { example: Example; changed: Reason };

/** One step. Examples come in the order of the recipe; a step may remember those it has seen. */
export type CurateStep = (example: Example) => Verdict;
