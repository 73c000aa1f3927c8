import { readJsonLines } from "../../datasets/files/json-rows.ts";
import { type LocalFile, listFiles } from "../../datasets/files/local-files.ts";
import { DataError } from "../../errors.ts";
import {
  rulerPrediction,
  stringMatchAll,
  stringMatchPart,
} from "../../harness/text-metrics/long-context/ruler.ts";
import { rulerTasks } from "./tasks.ts";

/** What RULER's evaluate.py says of one task. */
export interface RulerScore {
  task: string;
  /** In percent, with two places. */
  score: number;
  /** Answers that are empty, of all. */
  nulls: number;
  rows: number;
}

/**
 * Scores a folder of prediction files (`<task>.jsonl`, or parts of it, `<task>-0.jsonl` …) as RULER's
 * evaluate.py does, in the order of its tasks. Files are only read: it puts parts together and deletes them.
 */
export async function scoreRulerPredictions(dir: string): Promise<RulerScore[]> {
  const files = (await listFiles(dir)).filter(({ name }) => name.endsWith(".jsonl") && !name.includes("/"));
  const scores: RulerScore[] = [];
  for (const [task, { match }] of Object.entries(rulerTasks)) {
    const whole = files.filter(({ name }) => name === `${task}.jsonl`);
    const parts = files.filter(({ name }) => partOf(name) === task);
    const own = parts.length > 0 ? parts : whole;
    if (own.length === 0) continue;
    const rows = [];
    for (const file of own) rows.push(...(await readPredictions(file)));
    const [first] = rows;
    if (first === undefined)
      throw new DataError(`${own[0]!.path}: expected predictions of RULER, got an empty file`);
    const nulls = rows.filter(({ prediction }) => prediction === "").length;
    const isKnown = first.references[0] !== null;
    const references = rows.map((row) => ({ ...row, references: row.references.map(String) }));
    const score = !isKnown ? 0 : match === "all" ? stringMatchAll(references) : stringMatchPart(references);
    scores.push({ task, score, nulls, rows: rows.length });
  }
  if (scores.length === 0)
    throw new DataError(
      `${dir}: expected prediction files of RULER (${Object.keys(rulerTasks).slice(0, 2).join(".jsonl, ")}.jsonl …), ` +
        `got ${files.length} other .jsonl files`,
    );
  return scores;
}

/** The text of the summary.csv that evaluate.py writes. */
export function rulerSummary(scores: readonly RulerScore[]): string {
  const python = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
  const rows = [
    [0, ...scores.map((_, i) => i + 1)],
    ["Tasks", ...scores.map(({ task }) => task)],
    ["Score", ...scores.map(({ score }) => python(score))],
    ["Nulls", ...scores.map(({ nulls, rows: all }) => `${nulls}/${all}`)],
  ];
  return rows.map((row) => `${row.join(",")}\n`).join("");
}

function partOf(name: string): string | undefined {
  return /^(.*[^_]+)-\d+\.jsonl$/.exec(name)?.[1];
}

async function readPredictions(
  file: LocalFile,
): Promise<{ prediction: string; references: readonly (string | null)[] }[]> {
  const rows: { prediction: string; references: (string | null)[] }[] = [];
  for await (const read of readJsonLines(file.path, file.name)) {
    const where = `${file.path}:${read.place.row}`;
    if ("dropped" in read) {
      if (read.dropped.reason === "blank_line") continue;
      throw new DataError(`${where}: expected a prediction of RULER, got ${read.dropped.detail}`);
    }
    const { pred, outputs, output = "" } = read.value;
    const references = outputs ?? [output];
    const isRight = (one: unknown): one is string | null => typeof one === "string" || one === null;
    if (
      typeof pred !== "string" ||
      !Array.isArray(references) ||
      references.length === 0 ||
      !references.every(isRight)
    )
      throw new DataError(
        `${where}: expected a prediction of RULER with pred and outputs, got other keys or types`,
      );
    rows.push({ prediction: rulerPrediction(pred), references });
  }
  return rows;
}
