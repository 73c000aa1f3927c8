import type { Command } from "commander";
import { exit, exitCode } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface ScoreFlags {
  e?: boolean;
  json?: boolean;
}

/** `zebra score`: prediction files in LongBench's form, without a model. */
export function registerScore(program: Command): void {
  const command = program
    .command("score")
    .summary("score prediction files of LongBench, its own or ours")
    .description(
      "Score a folder of <dataset>.jsonl in LongBench's form (pred, answers, all_classes, length) as its " +
        "eval.py does: in percent with two places, by dataset, with the mean over datasets. No model and " +
        "no data are needed.",
    )
    .argument(
      "<folder>",
      "folder with <dataset>.jsonl: pred/MODEL of LongBench, or eval/longbench/pred/… of a run",
    )
    .option("--e", "by length, as LongBench-E (eval.py --e)")
    .option("--json", "print JSON; a length that no row has is null")
    .action(async (folder: string, { e = false, json = false }: ScoreFlags) => {
      const { eScores, readPredictions, v1Scores } = await import("../../eval/longbench/predictions.ts");
      const files = await readPredictions(folder);
      const scores = e ? eScores(files) : v1Scores(files);
      process.stdout.write(json ? `${JSON.stringify(scores, null, 2)}\n` : tableOf(scores, files));
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra score runs/first/eval/longbench/pred/after", "the answers of a run's checkpoint"],
    ["zebra score LongBench/LongBench/pred_e/llama2-7b-chat-4k --e", "LongBench's own files, by length"],
  ]);
}

type Scored = number | Record<string, number>;

function tableOf(
  { datasets, mean }: { datasets: Record<string, Scored>; mean: Scored },
  files: ReadonlyMap<string, readonly unknown[]>,
): string {
  const lengths = typeof mean === "number" ? ["score"] : Object.keys(mean);
  const cells = (scored: Scored) =>
    (typeof scored === "number" ? [scored] : Object.values(scored)).map((one) =>
      Number.isNaN(one) ? "–" : one.toFixed(2),
    );
  const rows = Object.entries(datasets).map(([dataset, scored]) => {
    return [dataset, String(files.get(dataset)!.length), ...cells(scored)];
  });
  rows.push(["mean", "", ...cells(mean)]);
  return `${formatTable(["dataset", "n", ...lengths], rows, 1).join("\n")}\n`;
}
