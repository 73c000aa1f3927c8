import { type Command, Option } from "commander";
import { exit, exitCode, UsageError } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface ScoreFlags {
  e?: boolean;
  ruler?: boolean;
  csv?: boolean;
  json?: boolean;
}

/** `zebra score`: prediction files in LongBench's or RULER's form, without a model. */
export function registerScore(program: Command): void {
  const command = program
    .command("score")
    .summary("score prediction files of LongBench or RULER, their own or ours")
    .description(
      "Score a folder of <dataset>.jsonl in LongBench's form (pred, answers, all_classes, length) as its " +
        "eval.py does: in percent with two places, by dataset, with the mean over datasets. With --ruler: of " +
        "<task>.jsonl in RULER's form (pred, outputs), as its evaluate.py does. No model and no data are needed.",
    )
    .argument(
      "<folder>",
      "folder with <dataset>.jsonl: pred/MODEL of LongBench, or eval/longbench/pred/… of a run",
    )
    .option("--e", "by length, as LongBench-E (eval.py --e)")
    .addOption(new Option("--ruler", "RULER's files of one length").conflicts("e"))
    .addOption(
      new Option("--csv", "with --ruler, the text of the summary.csv that it writes").conflicts("json"),
    )
    .option("--json", "print JSON; a length that no row has is null")
    .action(async (folder: string, { e = false, ruler, csv, json = false }: ScoreFlags) => {
      if (csv && !ruler) throw new UsageError("--csv: expected --ruler beside it, got none");
      if (ruler) {
        process.stdout.write(await rulerText(folder, { csv, json }));
        await exit(exitCode.ok);
      }
      const { eScores, readPredictions, v1Scores } = await import("../../eval/longbench/predictions.ts");
      const files = await readPredictions(folder);
      const scores = e ? eScores(files) : v1Scores(files);
      process.stdout.write(json ? `${JSON.stringify(scores, null, 2)}\n` : tableOf(scores, files));
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra score runs/first/eval/longbench/pred/after", "the answers of a run's checkpoint"],
    ["zebra score LongBench/LongBench/pred_e/llama2-7b-chat-4k --e", "LongBench's own files, by length"],
    [
      "zebra score runs/first/eval/predictions/after/ruler/4096 --ruler",
      "answers to RULER's rows of one length",
    ],
  ]);
}

async function rulerText(
  folder: string,
  { csv, json }: { csv: boolean | undefined; json: boolean },
): Promise<string> {
  const { rulerSummary, scoreRulerPredictions } = await import("../../eval/ruler/score-predictions.ts");
  const scores = await scoreRulerPredictions(folder);
  if (csv) return rulerSummary(scores);
  if (json) return `${JSON.stringify(scores, null, 2)}\n`;
  const rows = scores.map(({ task, rows, nulls, score }) => [
    task,
    String(rows),
    String(nulls),
    score.toFixed(2),
  ]);
  return `${formatTable(["task", "n", "empty", "score"], rows, 1).join("\n")}\n`;
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
