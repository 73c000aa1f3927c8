import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import {
  longbenchDatasets,
  longbenchScore,
  longbenchScoreByLength,
} from "../../harness/text-metrics/longbench/dataset-score.ts";
import { numpyMean } from "../../harness/text-metrics/longbench/numpy-mean.ts";
import { roundHalfEven } from "../../harness/text-metrics/python-text.ts";

import type { Outcome } from "../benchmark.ts";
import type { V1Row } from "./v1-rows.ts";

/** A line of a prediction file, in LongBench's form. */
export interface PredictionLine {
  pred: string;
  answers: readonly string[];
  all_classes: readonly string[] | null;
  length?: number;
}

export type LengthScores = Record<"0-4k" | "4-8k" | "8k+", number>;

/** What LongBench's eval.py writes into result.json, and the means over datasets. */
export interface V1Scores {
  datasets: Record<string, number>;
  mean: number;
}

export interface EScores {
  datasets: Record<string, LengthScores>;
  mean: LengthScores;
}

/** Scores as `eval.py` prints them, of lines by dataset, and their mean over datasets with two places. */
export function v1Scores(byDataset: ReadonlyMap<string, readonly PredictionLine[]>): V1Scores {
  const datasets = Object.fromEntries(
    [...byDataset].map(([dataset, lines]) => [
      dataset,
      longbenchScore(dataset, rowsOf(lines), classesOf(lines)),
    ]),
  );
  return { datasets, mean: roundHalfEven(numpyMean(Object.values(datasets)), 2) };
}

/** The same as `eval.py --e` prints them, by length. A length that no row has is NaN, and in no mean. */
export function eScores(byDataset: ReadonlyMap<string, readonly PredictionLine[]>): EScores {
  const datasets = Object.fromEntries(
    [...byDataset].map(([dataset, lines]) => {
      const rows = rowsOf(lines).map(({ length, ...row }, i) => {
        if (length !== undefined) return { ...row, length };
        throw new DataError(`${dataset}: expected length in every line, got none in line ${i + 1}`);
      });
      return [dataset, longbenchScoreByLength(dataset, rows, classesOf(lines))];
    }),
  );
  const mean = (key: keyof LengthScores): number => {
    const some = Object.values(datasets)
      .map((scores) => scores[key])
      .filter((score) => !Number.isNaN(score));
    return roundHalfEven(numpyMean(some), 2);
  };
  return { datasets, mean: { "0-4k": mean("0-4k"), "4-8k": mean("4-8k"), "8k+": mean("8k+") } };
}

/** Prediction files of a model's answers in LongBench's form and places, and its scores. */
export function predictionOutcome(
  label: string,
  rows: readonly V1Row[],
  predictions: ReadonlyMap<string, string>,
  isE: boolean,
): Outcome {
  const byDataset = new Map<string, PredictionLine[]>();
  for (const { id, dataset, answers, allClasses, length } of rows) {
    const pred = predictions.get(id);
    if (pred === undefined) continue;
    const lines = byDataset.get(dataset) ?? [];
    byDataset.set(dataset, lines);
    lines.push({ pred, answers, all_classes: allClasses, length });
  }
  const { datasets, mean } = isE ? eScores(byDataset) : v1Scores(byDataset);
  const folder = `longbench/${isE ? "pred_e" : "pred"}/${label}`;
  const files = new Map(
    [...byDataset].map(([dataset, lines]) => [`${dataset}.jsonl`, predictionText(lines)]),
  );
  files.set("result.json", `${JSON.stringify(datasets, null, 4)}\n`);
  return {
    printed: { ...datasets, mean },
    files: Object.fromEntries([...files].map(([name, text]) => [`${folder}/${name}`, text])),
  };
}

/** The classes of the last line are those of all, as in `eval.py`. */
function classesOf(lines: readonly PredictionLine[]): readonly string[] {
  return lines.at(-1)?.all_classes ?? [];
}

function rowsOf(lines: readonly PredictionLine[]) {
  return lines.map(({ pred, answers, length }) => ({
    prediction: pred,
    answers,
    ...(length !== undefined && { length }),
  }));
}

export function predictionText(lines: readonly PredictionLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/**
 * Reads a folder of prediction files, LongBench's own or ours: `<dataset>.jsonl`. Throws DataError for a line
 * of another form and for a dataset that is none of LongBench's.
 */
export async function readPredictions(folder: string): Promise<Map<string, PredictionLine[]>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new DataError(`${folder}: expected a folder with prediction files, got ${error.code}`);
  });
  const found = new Map<string, PredictionLine[]>();
  for (const name of names.filter((one) => one.endsWith("jsonl")).toSorted()) {
    const dataset = name.split(".")[0]!;
    const path = join(folder, name);
    if (!Object.hasOwn(longbenchDatasets, dataset))
      throw new DataError(`${path}: expected a file named after a dataset of LongBench, got ${dataset}`);
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) throw new DataError(`${path}: expected predictions, got an empty file`);
    found.set(
      dataset,
      lines.map((line, i) => lineOf(line, `${path}:${i + 1}`)),
    );
  }
  if (found.size === 0) throw new DataError(`${folder}: expected <dataset>.jsonl, got no such file`);
  return found;
}

function lineOf(text: string, where: string): PredictionLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${where}: expected JSON, got ${String(error)}`);
  }
  const line = value as Partial<PredictionLine> | null;
  const isLine =
    typeof line?.pred === "string" &&
    Array.isArray(line.answers) &&
    line.answers.every((answer) => typeof answer === "string") &&
    (line.all_classes === null || Array.isArray(line.all_classes));
  if (isLine) return line as PredictionLine;
  throw new DataError(`${where}: expected pred, answers and all_classes, got ${text.slice(0, 80)}`);
}
