import { relative } from "node:path";
import { type StageName, stageOrder } from "../../contracts/events.ts";
import type { Advice, Verdict } from "../../contracts/verdict.ts";
import { type RunFacts, readRunFacts } from "../run-facts.ts";
import { costOf } from "./cost.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { headlinesOf, summaryOf } from "./headlines.ts";
import { nextSteps } from "./next-steps.ts";
import { notesOf } from "./notes.ts";
import { ruleCatalog } from "./rules/index.ts";

/** Reads what the stages of a run come to, from its folder. */
export async function readVerdict(runDir: string, of: readonly StageName[] = stageOrder): Promise<Verdict> {
  return verdictOf(runDir, await readRunFacts(runDir, of), of);
}

/** The same from facts that were read already. `evalMs`: of an evaluation that is not recorded yet. */
export async function verdictOf(
  runDir: string,
  facts: RunFacts,
  of: readonly StageName[] = stageOrder,
  evalMs?: number,
): Promise<Verdict> {
  const headlines = facts.results ? headlinesOf(facts.results) : [];
  const notes = facts.results ? notesOf(facts.results) : [];
  return {
    summary: summaryOf(headlines),
    headlines,
    ...(notes.length > 0 && { notes }),
    cost: costOf(facts, evalMs),
    advice: adviceFrom(await readEvidence(runDir, facts, headlines)),
    ...nextSteps(runDir, of, shownPath, { asksNothing: facts.recipe?.eval?.benchmarks.length === 0 }),
  };
}

/** What the rules say, in the order of the catalog. */
export function adviceFrom(evidence: Evidence): Advice[] {
  return Object.entries(ruleCatalog).flatMap(([rule, advise]) => {
    const found = advise(evidence);
    return found ? [{ rule, ...found }] : [];
  });
}

/** Relative to the working folder where it is below it. */
function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" ? "." : short.startsWith("..") ? path : short;
}
