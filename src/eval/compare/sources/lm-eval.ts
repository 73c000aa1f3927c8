import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError } from "../../../errors.ts";
import { joinInside } from "../../../files.ts";
import { figuresOf } from "../../results/figures.ts";
import {
  type RowAggregation,
  rowScores,
  type TaskMetric,
  taskAsking,
} from "../../tasks/results/row-scores.ts";
import type { AskedBenchmark, Entry, ResultSource } from "../entry.ts";
import { foldersOf } from "./folders.ts";
import { parseObject, readLines } from "./read-lines.ts";
import { askedTask, type LoggedRow, sampleOf } from "./task-items.ts";

/** What lm-evaluation-harness writes with `--output_path` and `--log_samples`. */
export const lmEvalResults: ResultSource = {
  about: "lm-evaluation-harness's output (results_*.json, samples_*.jsonl of --log_samples)",
  takes: async (path) => (await modelFiles(path)).length > 0,
  async read(path, name) {
    const models = await modelFiles(path);
    const entries: Entry[] = [];
    for (const { folder, files, label } of models)
      entries.push(await readModel(folder, files, models.length > 1 && label !== "" ? label : name));
    return { entries };
  },
};

interface ModelFiles {
  folder: string;
  label: string;
  /** Names of the results' files, the oldest first. */
  files: string[];
}

const resultsFile = /^results_.*\.json$/;

/** A results file alone, a model's folder, or the folder of several models. */
async function modelFiles(path: string): Promise<ModelFiles[]> {
  if (resultsFile.test(basename(path)) && (await isFile(path)))
    return [{ folder: dirname(path), label: "", files: [basename(path)] }];
  const found: ModelFiles[] = [];
  for (const one of await foldersOf(path)) {
    const files = (await readdir(one.folder)).filter((name) => resultsFile.test(name)).sort();
    if (files.length > 0) found.push({ ...one, files });
  }
  return found;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (one) => one.isFile(),
    () => false,
  );
}

type Json = Record<string, unknown>;
const objectOf = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

async function readModel(folder: string, files: readonly string[], name: string): Promise<Entry> {
  const asked = new Map<string, AskedBenchmark>();
  const notes: string[] = [];
  // Of a task that was asked several times, the last one counts.
  for (const file of files) {
    const path = join(folder, file);
    const results = parseObject(await readFile(path, "utf8"), path);
    const date = file.slice("results_".length, -".json".length);
    for (const [task, figures] of Object.entries(objectOf(results.results))) {
      // Groups have figures but no rows of their own.
      if (!Object.hasOwn(objectOf(results.configs), task)) continue;
      const higher = objectOf(objectOf(results.higher_is_better)[task]);
      const samples = joinInside(folder, `samples_${task}_${date}.jsonl`);
      const rows = (await isFile(samples)) ? await readLines(samples) : [];
      if (rows.length === 0) notes.push(`${task}: no ${samples}; lm-eval writes it with --log_samples`);
      const count = objectOf(objectOf(results["n-samples"])[task]).effective;
      const n = typeof count === "number" ? count : rows.length;
      const logged = rows.map((row, i) => rowOf(row, Object.keys(higher), `${samples}:${i + 1}`));
      asked.set(task, taskFrom({ task, n, higher, figures: objectOf(figures) }, logged, notes));
    }
  }
  if (asked.size === 0) throw new DataError(`${folder}: expected tasks in ${files.join(", ")}, got none`);
  return { name, path: folder, asked, notes, cost: "" };
}

function taskFrom(
  { task, n, higher, figures }: { task: string; n: number; higher: Json; figures: Json },
  rows: readonly LoggedRow[],
  notes: string[],
): AskedBenchmark {
  const metrics: TaskMetric[] = [];
  const others: string[] = [];
  let headline: { value: number; n: number } | undefined;
  for (const [key, value] of Object.entries(figures)) {
    const [metric = "", filter = "none"] = key.split(",");
    if (!key.includes(",") || metric.endsWith("_stderr") || typeof value !== "number") continue;
    const name = filter === "none" ? metric : key;
    const better = higher[metric] === false ? "lower" : "higher";
    headline ??= { value, n };
    // Without rows there is only the figure, however it was made.
    const aggregation = rows.length === 0 ? "mean" : aggregationOf({ name, better }, value, rows);
    if (aggregation) metrics.push({ name, better, aggregation });
    else others.push(key);
  }
  if (others.length > 0)
    notes.push(`${task}: ${others.join(", ")} cannot be made of its rows, and has no interval`);
  return askedTask(metrics, rows, headline);
}

/** lm-eval keeps no aggregation: it is the one that makes the recorded figure of the rows. */
function aggregationOf(
  metric: Pick<TaskMetric, "name" | "better">,
  recorded: number,
  rows: readonly LoggedRow[],
): RowAggregation | undefined {
  const all: RowAggregation[] = ["mean", "perplexity", "weighted_perplexity", "bits_per_byte"];
  return all.find((aggregation) => {
    const metrics = [{ ...metric, aggregation }];
    const scores = [...rowScores(metrics, rows).values()];
    const made = figuresOf(scores, taskAsking(metrics).metrics, [], { isResampled: false });
    const value = made.find((one) => one.metric === metric.name)?.value;
    return value !== undefined && Math.abs(value - recorded) <= 1e-6 * Math.max(1, Math.abs(recorded));
  });
}

/** Each metric is a key of the row; arguments are objects, in older versions lists. */
function rowOf(line: Json, known: readonly string[], where: string): LoggedRow {
  const names = Array.isArray(line.metrics) ? line.metrics.map(String) : known;
  const all = line.arguments;
  return sampleOf(
    {
      ...line,
      arguments: Array.isArray(all)
        ? all
        : Object.values(objectOf(all)).map((one) => Object.values(objectOf(one))),
      metrics: Object.fromEntries(names.map((name) => [name, line[name]])),
    },
    where,
  );
}
