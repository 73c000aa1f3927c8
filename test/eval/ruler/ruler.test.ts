import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Prompted } from "../../../src/eval/benchmark.ts";
import { ruler } from "../../../src/eval/benchmarks/ruler.ts";
import { readRulerRows } from "../../../src/eval/ruler/read-rows.ts";
import { rulerSummary, scoreRulerPredictions } from "../../../src/eval/ruler/score-predictions.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

/** A folder with files of rows. */
async function folder(files: Record<string, readonly object[] | string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "ruler-"));
  for (const [name, rows] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    const text = typeof rows === "string" ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    await writeFile(join(dir, name), text);
  }
  return dir;
}

const row = (index: number, more: object = {}) => ({
  ...{ index, input: `What is it? ${index}`, outputs: ["1234567"], length: 1000 },
  ...{ length_w_model_temp: 1000, answer_prefix: " It is", token_position_answer: 240 },
  ...more,
});

describe("RULER's rows", () => {
  it("are of the task and length that folders say, else of the length that they fill", async () => {
    const dir = await folder({
      "4096/data/niah_single_1/validation.jsonl": [row(0), row(1)],
      "8k/vt.jsonl": [row(0, { outputs: ["A", "B"] })],
      "data/qa_2/test.jsonl": [row(0, { length: 2049 }), row(1, { length: 300 })],
      "notes.jsonl": [{}],
    });
    const { rows, skipped } = await readRulerRows(dir, 100);
    expect(rows.map(({ id, depth }) => [id, depth]).sort()).toEqual([
      ["niah_single_1/4096/0", 24],
      ["niah_single_1/4096/1", 24],
      ["qa_2/4096/0", (100 * 240) / 2049],
      ["qa_2/4096/1", 80],
      ["vt/8192/0", undefined],
    ]);
    expect(skipped).toEqual({ "files that are named as no task of RULER": 1 });
  });

  it("are taken alike of every file where there are too many", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => row(i));
    const dir = await folder({
      "4096/vt.jsonl": rows,
      "4096/fwe.jsonl": rows,
      "4096/cwe.jsonl": rows.slice(0, 1),
    });
    const some = await readRulerRows(dir, 7);
    const count = Map.groupBy(some.rows, ({ task }) => task);
    expect([count.get("vt")!.length, count.get("fwe")!.length, count.get("cwe")!.length]).toEqual([2, 2, 1]);
    expect(some.skipped).toEqual({ "over the limit": 96 });
    const more = await readRulerRows(dir, 30);
    for (const { id } of some.rows) expect(more.rows.map((one) => one.id)).toContain(id);
  });

  it("that are broken or none are refused with their place", async () => {
    const broken = await folder({ "4096/vt.jsonl": [row(0), row(1, { outputs: "A" })] });
    await expect(readRulerRows(broken, 9)).rejects.toThrow(/vt\.jsonl:2: .* outputs must be array/);
    const none = await folder({ "4096/other.jsonl": [row(0)] });
    await expect(readRulerRows(none, 9)).rejects.toThrow(
      /expected RULER's files.*got 1 other .jsonl files, first 4096/,
    );
    const twice = await folder({ "4096/vt.jsonl": [row(0)], "4096/vt/validation.jsonl": [row(0)] });
    await expect(readRulerRows(twice, 9)).rejects.toThrow(
      /expected each task and length once, got vt\/4096\/0/,
    );
  });

  it("are asked as they are, with their answer begun, and what is too long is counted", async () => {
    const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
    const dir = await folder({
      "512/qa_1.jsonl": [row(0, { outputs: ["yes", "aye"] })],
      "4096/cwe.jsonl": [row(0, { input: "word ".repeat(3000) })],
    });
    const { items, skipped, outcome } = await ruler.items(
      { tokenizer, heldOut: { dataDir: "" }, truncate: "middle", maxSeqTokens: 600 },
      { name: "ruler", options: { path: dir } },
    );
    expect(skipped).toEqual({ "4096 tokens: over max_seq_tokens": 1 });
    const [item] = items as (Prompted & { id: string })[];
    expect([item!.id, item!.maxNewTokens]).toEqual(["qa_1/512/0", 32]);
    expect(await tokenizer.decode(item!.prompt, { skipSpecial: true })).toBe("What is it? 0 It is");
    expect([...item!.prompt]).toEqual([...(await tokenizer.encode("What is it? 0 It is"))]);
    const { printed, files } = outcome!("nano", new Map([["qa_1/512/0", "aye"]]));
    expect(printed).toEqual({ 512: { qa_1: 100 } });
    expect(Object.keys(files)).toEqual(["predictions/nano/ruler/512/qa_1.jsonl"]);
    expect(JSON.parse(Object.values(files)[0]!)).toEqual({
      ...{ index: 0, pred: "aye", input: "What is it? 0 It is", outputs: ["yes", "aye"] },
      ...{ others: {}, truncation: -1, length: 512 },
    });
    // Any of the references, in whatever case, behind control characters.
    const { scores } = await item!.judge("\x01AYE\x1f");
    expect(scores.map(({ sum }) => sum)).toEqual(scores.map(() => 1));
  });
});

describe("RULER's prediction files", () => {
  const prediction = (pred: string, outputs: unknown, index = 0) => ({
    ...{ index, pred, input: "", outputs, others: {}, truncation: -1, length: 9 },
  });

  it("are scored as its evaluate.py scores them, whose summary.csv is written", async () => {
    const dir = await folder({
      "qa_1.jsonl": [prediction("Yes.", ["no", "yes"]), prediction(" \t", ["x"]), prediction("b", ["a"])],
      "vt.jsonl": [prediction("AB, cd", ["ab", "CD", "EF"])],
      // Parts of a task are in place of the whole.
      "niah_single_1.jsonl": [prediction("0", ["1"])],
      "niah_single_1-0.jsonl": [prediction("1", ["1"])],
      "niah_single_1-1.jsonl": [prediction("2", ["1"]), prediction("\x0b1\x00", ["1"])],
      "submission.csv": "",
    });
    const scores = await scoreRulerPredictions(dir);
    // evaluate.py of c3f5e3b writes this for these files.
    expect(rulerSummary(scores)).toBe(
      "0,1,2,3\nTasks,niah_single_1,vt,qa_1\nScore,66.67,66.67,33.33\nNulls,0/3,0/1,1/3\n",
    );
  });

  it("without references score 0, and without predictions are refused", async () => {
    const unknown = await folder({ "fwe.jsonl": [prediction("a", [null])] });
    expect(rulerSummary(await scoreRulerPredictions(unknown))).toContain("Score,0.0\n");
    const none = await folder({ "other.jsonl": [prediction("a", ["a"])] });
    await expect(scoreRulerPredictions(none)).rejects.toThrow(/expected prediction files of RULER/);
    const bad = await folder({ "fwe.jsonl": [{ pred: 3, outputs: ["a"] }] });
    await expect(scoreRulerPredictions(bad)).rejects.toThrow(/fwe\.jsonl:1: expected a prediction of RULER/);
  });
});
