import type { RunEnd } from "../src/contracts/events.ts";
import { formatCount, formatDuration, formatValue } from "../src/format.ts";
import { wrapCommand } from "./facts.ts";
import { displayPath } from "./format.ts";
import type { RunState } from "./state/state.ts";

/** How a run ended, for the last screen. */
export interface EndDescription {
  variant: "success" | "warning" | "error";
  headline: string;
  /** In full, with line breaks; "" when there is nothing to explain. */
  text: string;
  facts: [name: string, value: string][];
  /** What to do next: commands, each split into lines that the shell reads as one. */
  next: { title: string; command: string[] }[];
}

export function describeEnd(state: RunState, end: RunEnd, width: number): EndDescription {
  const commands = (title: string, command: string) => [{ title, command: wrapCommand(command, width - 2) }];
  switch (end.status) {
    case "done":
      return {
        variant: "success",
        headline: `${state.title}: done in ${formatDuration(end.durationMs)}`,
        text: "",
        facts: [
          ...lossFact(state),
          ...warningFact(state),
          ...(state.verdict ? [] : [["folder", displayPath(end.runDir, state.cwd)] as [string, string]]),
        ],
        next: [],
      };
    case "stopped":
      return {
        variant: "warning",
        headline: `${state.title}: stopped${stageText(state, "stopped")}; what is done is kept`,
        text: "",
        facts: [...lossFact(state), ...warningFact(state)],
        next: commands("go on with", end.resumeCommand),
      };
    case "failed":
      return {
        variant: "error",
        headline: `${state.title}: failed${stageText(state, "failed")} (${end.code})`,
        text: end.message,
        facts: warningFact(state),
        next: [],
      };
  }
}

function stageText(state: RunState, status: "stopped" | "failed"): string {
  const stage = state.stages.find((stage) => stage.status === status);
  return stage ? ` in ${stage.name}` : "";
}

function lossFact({ training }: RunState): [string, string][] {
  const { firstValidation: first, lastValidation: last } = training;
  if (!first || !last || first.step === last.step) return [];
  const steps = `steps ${formatCount(first.step)} to ${formatCount(last.step)}`;
  const loss =
    `${formatValue(first.lossNatsPerToken)} → ` + `${formatValue(last.lossNatsPerToken)} nats per token`;
  return [["validation", `${loss}, ${steps}`]];
}

function warningFact({ warnings }: RunState): [string, string][] {
  return warnings === 0 ? [] : [["warnings", `${formatCount(warnings)}, above`]];
}
