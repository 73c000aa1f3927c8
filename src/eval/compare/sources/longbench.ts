import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "../../../errors.ts";
import {
  longbenchDatasets,
  longbenchRowScore,
} from "../../../harness/text-metrics/longbench/dataset-score.ts";
import { type Asking, rising, type Score, scoresIn } from "../../benchmark.ts";
import { figuresOf } from "../../results/figures.ts";
import { type AskedBenchmark, type AskedItem, contentHash, type Entry, type ResultSource } from "../entry.ts";
import { foldersOf } from "./folders.ts";
import { parseObject, readLines } from "./read-lines.ts";

/**
 * Files of LongBench's own scripts: `pred/<model>/<dataset>.jsonl` with the result.json of its eval.py, or a
 * file of LongBench v2's pred.py. Scores are shares, not percent.
 */
export const longbenchResults: ResultSource = {
  about: "LongBench's predictions (pred/MODEL/*.jsonl, or v2's results/MODEL.jsonl)",
  takes: async (path) => (await modelFiles(path)).length > 0,
  async read(path, name) {
    const models = await modelFiles(path);
    const entries: Entry[] = [];
    for (const { label, ...files } of models)
      entries.push(await readModel(files, models.length > 1 && label !== "" ? label : name));
    return { entries };
  },
};

interface ModelFiles {
  label: string;
  folder: string;
  /** Paths of predictions. */
  files: string[];
}

/** A file of v2, the folder of several of them, a model's predictions, or the folder of several models. */
async function modelFiles(path: string): Promise<ModelFiles[]> {
  const one = await stat(path).catch(() => undefined);
  if (one?.isFile()) return (await kindOf(path)) === "v2" ? [{ label: "", folder: path, files: [path] }] : [];
  const found: ModelFiles[] = [];
  for (const { folder, label } of await foldersOf(path)) {
    const own: string[] = [];
    for (const name of (await readdir(folder)).filter((each) => each.endsWith(".jsonl")).sort()) {
      const file = join(folder, name);
      const kind = await kindOf(file);
      if (kind === "v2") found.push({ label: name.slice(0, -".jsonl".length), folder: file, files: [file] });
      if (kind === "v1") own.push(file);
    }
    if (own.length > 0) found.push({ label, folder, files: own });
  }
  return found;
}

/** By the columns of the first row. */
async function kindOf(path: string): Promise<"v1" | "v2" | undefined> {
  if (!path.endsWith(".jsonl")) return undefined;
  const [line = ""] = (await readFile(path, "utf8")).split("\n", 1);
  try {
    const row = parseObject(line, path);
    if ("judge" in row && "choice_A" in row) return "v2";
    const isKnown = Object.hasOwn(longbenchDatasets, datasetOf(path));
    return isKnown && "pred" in row && "answers" in row ? "v1" : undefined;
  } catch {
    return undefined;
  }
}

function datasetOf(path: string): string {
  return basename(path).split(".")[0]!;
}

async function readModel({ folder, files }: Omit<ModelFiles, "label">, name: string): Promise<Entry> {
  const asked = new Map<string, AskedBenchmark>();
  const notes: string[] = [];
  const recorded = await recordedScores(join(folder, "result.json"));
  for (const file of files) {
    const rows = await readLines(file);
    if ((await kindOf(file)) === "v2") {
      asked.set("longbench-v2", benchmarkOf("acc", "accuracy", rows.map(itemOfV2)));
      continue;
    }
    const dataset = datasetOf(file);
    const items = rows.map((row, i) => itemOfV1(dataset, row, `${file}:${i + 1}`));
    const one = benchmarkOf(longbenchDatasets[dataset]!, longbenchDatasets[dataset]!, items);
    asked.set(dataset, one);
    notes.push(...doubts(dataset, one, recorded[dataset]));
  }
  return { name, path: folder, asked, notes, cost: "" };
}

/** By dataset, in percent; of LongBench-E, which has them by length, none. */
async function recordedScores(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? {} : parseObject(text, path);
}

function benchmarkOf(metric: string, name: string, items: AskedItem[]): AskedBenchmark {
  const asking: Asking = {
    defaultLimit: Number.POSITIVE_INFINITY,
    headline: { metric, name },
    metrics: rising(metric),
  };
  const figure = figuresOf(
    items.map(({ scores }) => scores),
    asking.metrics,
    items.map(({ document }) => document),
  ).find(({ slice }) => slice === "");
  if (!figure) return { asking, items };
  const { value, low, high, n } = figure;
  const spread = low !== undefined && high !== undefined && { low, high };
  return { asking, items, value: { value, n, ...spread } };
}

/** Rows have no ids: what tells them apart is their answers and length. */
function itemOfV1(dataset: string, row: Record<string, unknown>, where: string): AskedItem {
  const { pred, answers, all_classes: classes, length } = row;
  if (typeof pred !== "string" || !Array.isArray(answers))
    throw new DataError(`${where}: expected a text in pred and a list in answers, got other values`);
  const allClasses = Array.isArray(classes) ? classes.map(String) : [];
  const score = longbenchRowScore(
    dataset,
    { prediction: pred, answers: answers.map(String), ...(typeof length === "number" && { length }) },
    allClasses,
  );
  const id = typeof row._id === "string" ? row._id : where.slice(where.lastIndexOf(":") + 1);
  return {
    id,
    content: contentHash([row._id ?? null, answers, allClasses, length ?? null]),
    scores: scoresIn(typeof length === "number" ? [lengthGroup(length)] : [], {
      [longbenchDatasets[dataset]!]: score,
    }),
  };
}

function lengthGroup(length: number): string {
  return length < 4000 ? "0-4k" : length < 8000 ? "4-8k" : "8k+";
}

function itemOfV2(row: Record<string, unknown>): AskedItem {
  const { _id, question, answer, judge, difficulty, length, context } = row;
  const choices = ["A", "B", "C", "D"].map((letter) => row[`choice_${letter}`]);
  const scores: Score[] = scoresIn([`${difficulty}`, `${length}`], { acc: judge === true ? 1 : 0 });
  return {
    id: String(_id),
    content: contentHash([_id, question, choices, answer]),
    // Its files have the first 1,000 characters.
    ...(typeof context === "string" && context !== "" && { document: contentHash(context) }),
    scores,
  };
}

/** What result.json says otherwise, and rows that nothing tells apart. */
function doubts(dataset: string, { items, value }: AskedBenchmark, recorded: unknown): string[] {
  const found: string[] = [];
  const alike = items.length - new Set(items.map(({ content }) => content)).size;
  if (alike > 0)
    found.push(
      `${dataset}: ${alike} of ${items.length} rows have the answers and length of another and no id; such ` +
        "rows are paired in the order of the file",
    );
  if (typeof recorded === "number" && value && Math.abs(recorded - 100 * value.value) > 0.006)
    found.push(
      `${dataset}: result.json says ${recorded}, its predictions give ${(100 * value.value).toFixed(2)}`,
    );
  return found;
}
