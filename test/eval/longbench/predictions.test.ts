import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  eScores,
  type PredictionLine,
  predictionOutcome,
  readPredictions,
  v1Scores,
} from "../../../src/eval/longbench/predictions.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-predictions-"));
const right = JSON.parse(await readFile(new URL("fixtures/predictions.json", import.meta.url), "utf8")) as {
  lines: Record<string, PredictionLine[]>;
  v1: Record<string, number>;
  e: Record<string, Record<string, number | null>>;
};
const nullForNaN = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** trec's last row has classes that its first has not: all are scored by the last's, as eval.py does. */
it("files in LongBench's form have the scores that its eval.py writes, and their means", async () => {
  const folder = join(dir, "pred");
  await mkdir(folder);
  for (const [dataset, lines] of Object.entries(right.lines)) {
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    await writeFile(join(folder, `${dataset}.jsonl`), `${text}\n`);
  }
  await writeFile(join(folder, "result.json"), "{}");
  const read = await readPredictions(folder);
  expect(v1Scores(read).datasets).toEqual(right.v1);
  expect(v1Scores(read).mean).toBe(53.08);
  expect(nullForNaN(eScores(read).datasets)).toEqual(right.e);
  expect(eScores(read).mean).toEqual({ "0-4k": 54.67, "4-8k": 41.67, "8k+": 50 });
});

it("what is written is read again, row for row, without answers that failed", async () => {
  const rows = [
    { id: "qasper/1", dataset: "qasper", answers: ["blue"], allClasses: null, length: 10 },
    { id: "qasper/2", dataset: "qasper", answers: ["red"], allClasses: null, length: 5000 },
    { id: "trec/1", dataset: "trec", answers: ["a"], allClasses: ["a", "b"], length: 8000 },
  ];
  const predictions = new Map([
    ["qasper/1", " Blue\u2028\n\ud83d"],
    ["trec/1", "b"],
  ]);
  const { files, printed } = predictionOutcome("after", rows, predictions, false);
  expect(Object.keys(files)).toEqual([
    "longbench/pred/after/qasper.jsonl",
    "longbench/pred/after/trec.jsonl",
    "longbench/pred/after/result.json",
  ]);
  expect(printed).toMatchObject({ trec: 0 });
  const folder = join(dir, "longbench", "pred", "after");
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(dir, path), text);
  expect(Object.fromEntries(await readPredictions(folder))).toEqual({
    qasper: [{ pred: " Blue\u2028\n\ud83d", answers: ["blue"], all_classes: null, length: 10 }],
    trec: [{ pred: "b", answers: ["a"], all_classes: ["a", "b"], length: 8000 }],
  });
});

it("refuses other files, naming the line", async () => {
  const folder = join(dir, "bad");
  await mkdir(folder);
  await expect(readPredictions(folder)).rejects.toThrow("expected <dataset>.jsonl, got no such file");
  await writeFile(
    join(folder, "qasper.jsonl"),
    '{"pred": "a", "answers": ["b"], "all_classes": null}\n{"pred": 3}\n',
  );
  await expect(readPredictions(folder)).rejects.toThrow("qasper.jsonl:2: expected pred, answers");
  await writeFile(join(folder, "other.jsonl"), "{}\n");
  await expect(readPredictions(folder)).rejects.toThrow("a dataset of LongBench, got other");
});
