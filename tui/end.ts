import { dirname } from "node:path";
import type { RunEnd } from "../src/contracts/events.ts";
import { evalPaths, runPaths, trainPaths } from "../src/contracts/run-folder.ts";
import { formatCount, formatDuration, formatValue } from "../src/format.ts";
import { quoteForShell } from "../src/quote.ts";
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
        facts: [...lossFact(state), ...warningFact(state), ...placeFacts(state, end.runDir)],
        next: nextSteps(state, end.runDir).flatMap(([title, command]) => commands(title, command)),
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

/** Only for stages that are part of this run and complete. */
function placeFacts(state: RunState, runDir: string): [string, string][] {
  const show = (path: string) => displayPath(path, state.cwd);
  const facts: [string, string][] = [];
  if (isComplete(state, "eval") && state.results.rows.size > 0) {
    const { report, eval: folder } = runPaths(evalFolder(state, runDir));
    facts.push(["report", show(report)], ["results", show(evalPaths(folder).results)]);
  }
  if (isComplete(state, "finetune"))
    facts.push(["checkpoint", show(trainPaths(runPaths(runDir).train).final)]);
  return facts.length > 0 ? facts : [["folder", displayPath(runDir, state.cwd)]];
}

/** Where the evaluation wrote. Its summary has this when it compares other checkpoints. */
function evalFolder(state: RunState, runDir: string): string {
  const report = state.stages.find(({ name }) => name === "eval")?.summary.report;
  return typeof report === "string" && report.includes("/") ? dirname(report) : runDir;
}

function nextSteps(state: RunState, runDir: string): [title: string, command: string][] {
  const show = (path: string) => quoteForShell(displayPath(path, state.cwd));
  const { command } = state;
  const paths = runPaths(runDir);
  if (isComplete(state, "finetune")) {
    const generate = `${command} generate --checkpoint ${show(trainPaths(paths.train).final)} --prompt "…"`;
    const evaluate = `${command} eval ${show(paths.recipe)}`;
    return isComplete(state, "eval")
      ? [["try the checkpoint", generate]]
      : [
          ["evaluate it", evaluate],
          ["try the checkpoint", generate],
        ];
  }
  if (isComplete(state, "mix")) return [["train on it", `${command} finetune ${show(paths.recipe)}`]];
  if (isComplete(state, "data") && !isComplete(state, "eval")) {
    return [["mix and pack it", `${command} mix ${show(paths.recipe)}`]];
  }
  return [];
}

function isComplete(state: RunState, name: string): boolean {
  const stage = state.stages.find((stage) => stage.name === name);
  return stage?.status === "done" || stage?.status === "unchanged";
}
