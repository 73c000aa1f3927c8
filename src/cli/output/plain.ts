import { cleanEvent } from "../../../tui/clean.ts";
import type { Emit, EventOf, RunEnd, StageName } from "../../contracts/events.ts";
import { stageFacts } from "../../contracts/stage-words.ts";
import {
  formatBytes,
  formatCount,
  formatCut,
  formatDuration,
  formatKept,
  formatValue,
} from "../../format.ts";
import { formatInterval, formatResults } from "./results-table.ts";
import { createStyle, type Style } from "./style.ts";
import { verdictLines } from "./verdict-lines.ts";

export interface PlainOptions {
  writeLine: (line: string) => void;
  style?: Style;
  /** How the user calls the command, for what to do next. */
  program?: string;
  /** Why it failed, or how to go on after a stop, is told on stderr, to the same reader. */
  isEndElsewhere?: boolean;
  /** A clock in milliseconds. Progress and training steps are shown at most once every `everyMs`. */
  nowMs?: () => number;
  everyMs?: number;
}

/**
 * Shows a run as lines that suit a log: one line for each event, fewer for progress, and a table of results
 * at the end.
 */
export function createPlain(options: PlainOptions): Emit {
  const { writeLine, style = createStyle(false), nowMs = () => performance.now(), everyMs = 2000 } = options;
  const { program = "zebra" } = options;
  const results: EventOf<"eval.result">[] = [];
  let lastKey = "";
  let lastMs = 0;
  let stage: StageName = "data";

  /** True for the first event of a kind, the last one, and at most one every `everyMs` between them. */
  const isDue = (key: string, isLast: boolean): boolean => {
    if (key === lastKey && !isLast && nowMs() - lastMs < everyMs) return false;
    lastKey = key;
    lastMs = nowMs();
    return true;
  };
  const say = (who: string, text: string) => writeLine(`${style.bold(who.padEnd(8))}  ${text}`);

  return (dirty) => {
    const event = cleanEvent(dirty); // as on the screen: names and messages can come from data
    if (event.type === "stage.start" || event.type === "stage.skip") stage = event.stage;
    switch (event.type) {
      case "run.start":
        return say("run", `${event.name}: ${event.stages.join(", ")} → ${event.runDir}`);
      case "stage.start":
        return say(event.stage, "started");
      case "stage.skip":
        return say(event.stage, `skipped: ${event.reason}`);
      case "stage.progress":
        if (isDue(`${event.stage} ${event.label}`, event.done === event.total))
          say(event.stage, progressLine(event));
        return;
      case "stage.end": {
        const summary = stageFacts(event.stage, event.summary).join(", ");
        return say(
          event.stage,
          `done in ${formatDuration(event.durationMs)}${summary === "" ? "" : `: ${summary}`}`,
        );
      }
      case "device":
        return say(event.stage, `device ${event.name}: ${event.reason}`);
      case "warning":
        return say(event.stage, `${style.yellow("warning")}: ${event.message}`);
      case "ledger":
        return say(stage, ledgerLine(event));
      case "train.step":
        if (isDue("train.step", event.step === event.totalSteps)) say("finetune", stepLine(event));
        return;
      case "train.validation":
        return say("finetune", validationLine(event));
      case "train.checkpoint":
        return say("finetune", `checkpoint of step ${formatCount(event.step)}: ${event.path}`);
      case "train.resume":
        return say("finetune", `resumed from checkpoint ${formatCount(event.step)}: ${event.path}`);
      case "eval.result":
        results.push(event);
        if (event.slice === "") say("eval", resultLine(event));
        return;
      case "eval.sample":
        return; // the report has them
      case "run.verdict": {
        const details = results.length > 0 ? [...formatResults(results), ""] : [];
        for (const line of ["", ...details, ...verdictLines(event, program, style), ""]) writeLine(line);
        return;
      }
      case "run.end":
        say("run", endLine(event, style, options.isEndElsewhere === true));
    }
  };
}

function progressLine({ label, done, total, unit }: EventOf<"stage.progress">): string {
  if (unit === "") return label;
  if (total <= 0) return `${label}: ${formatCount(done)} ${unit}`;
  return (
    `${label}: ${formatCount(done)} of ${formatCount(total)} ${unit} ` +
    `(${Math.floor((100 * done) / total)} %)`
  );
}

function ledgerLine({ dataset, dropped, reasons, ...counts }: EventOf<"ledger">): string {
  const fates = [formatKept(counts), `${formatCount(dropped)} dropped`];
  const why = Object.entries(reasons).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  return `${dataset}: ${fates.join(", ")}${why.length > 0 ? ` (${why.join(", ")})` : ""}`;
}

function stepLine(event: EventOf<"train.step">): string {
  return [
    `step ${formatCount(event.step)} of ${formatCount(event.totalSteps)}`,
    `loss ${event.lossNatsPerToken.toFixed(4)}`,
    `gradient norm ${formatValue(event.gradNorm)}`,
    `lr ${event.lr.toExponential(2)}`,
    `${formatCount(event.tokensPerSecond)} tokens/s`,
    formatBytes(event.memoryBytes),
  ].join(", ");
}

function validationLine({ step, lossNatsPerToken, supervisedTokens }: EventOf<"train.validation">): string {
  const loss = `validation loss ${lossNatsPerToken.toFixed(4)} nats/token`;
  return `step ${formatCount(step)}: ${loss} over ${formatCount(supervisedTokens)} tokens`;
}

function resultLine(event: EventOf<"eval.result">): string {
  const cut = formatCut(event.cut);
  return (
    `${event.model}: ${event.benchmark} ${event.metric} ${formatInterval(event)}, n ` +
    `${formatCount(event.n)}${cut === "" ? "" : `, ${cut}`}`
  );
}

function endLine(event: RunEnd, style: Style, isElsewhere: boolean): string {
  switch (event.status) {
    case "done":
      return `${style.green("done")} in ${formatDuration(event.durationMs)}: ${event.runDir}`;
    case "stopped":
      return style.yellow("stopped") + (isElsewhere ? "" : `; go on with: ${event.resumeCommand}`);
    case "failed":
      return `${style.red("failed")} (${event.code})${isElsewhere ? "" : `: ${event.message}`}`;
  }
}
