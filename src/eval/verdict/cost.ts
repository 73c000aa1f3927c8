import { type EventOf, stageOrder } from "../../contracts/events.ts";
import type { Cost } from "../../contracts/verdict.ts";
import { formatBytes, formatCount, formatDuration } from "../../format.ts";
import type { RunFacts } from "../run-facts.ts";

/** What the run took. `evalMs`: of an evaluation that is not recorded yet. */
export function costOf({ stages, training }: RunFacts, evalMs?: number): Cost {
  const steps = training.filter((event): event is EventOf<"train.step"> => event.type === "train.step");
  // A run that went on from a checkpoint has a record of its last part alone; its steps tell of all of them.
  const stepsMs = steps.reduce(
    (sum, { tokens, tokensPerSecond }) => sum + (1000 * tokens) / tokensPerSecond,
    0,
  );
  const durations = stageOrder.flatMap((stage) => {
    const recorded = stage === "eval" ? (evalMs ?? stages.eval?.durationMs) : stages[stage]?.durationMs;
    if (recorded === undefined) return [];
    return [{ stage, durationMs: stage === "finetune" ? Math.max(recorded, stepsMs) : recorded }];
  });
  const cost = {
    durationMs: durations.reduce((sum, { durationMs }) => sum + durationMs, 0),
    stages: durations,
    ...(steps.length > 0 && {
      steps: steps.at(-1)!.step,
      tokens: steps.reduce((sum, { tokens }) => sum + tokens, 0),
      supervisedTokens: steps.reduce((sum, { supervisedTokens }) => sum + supervisedTokens, 0),
      peakMemoryBytes: steps.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0),
    }),
  };
  return { ...cost, text: textOf(cost) };
}

function textOf({
  durationMs,
  stages,
  steps,
  tokens,
  supervisedTokens,
  peakMemoryBytes,
}: Omit<Cost, "text">): string {
  const by = stages.map(({ stage, durationMs: own }) => `${stage} ${formatDuration(own)}`).join(", ");
  const parts = [stages.length > 1 ? `${formatDuration(durationMs)} (${by})` : by];
  if (steps !== undefined && tokens !== undefined && supervisedTokens !== undefined) {
    parts.push(
      `${formatCount(steps)} ${steps === 1 ? "step" : "steps"} over ${formatCount(tokens)} tokens, ` +
        `${formatCount(supervisedTokens)} of them under loss`,
    );
  }
  if (peakMemoryBytes !== undefined)
    parts.push(`${formatBytes(peakMemoryBytes)} of memory at most in training`);
  return parts.filter(Boolean).join(" · ");
}
