import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareEntries } from "../../../src/eval/compare/compare-runs.ts";
import { contentHash } from "../../../src/eval/compare/entry.ts";
import { readRuns } from "../../../src/eval/compare/read-runs.ts";
import { parseObject } from "../../../src/eval/compare/sources/read-lines.ts";
import type { TaskSample } from "../../../src/eval/tasks/results/task-results.ts";
import { writeFileAtomic } from "../../../src/files.ts";
import { packagePath } from "../../../src/package-root.ts";

/**
 * `lm-eval`: written by lm_eval 0.4.13 with --log_samples for the two checkpoints that ship, on 8 rows of two
 * tasks; of the results the keys that matter. `longbench`: made-up predictions, and what LongBench's eval.py
 * (2e00731) made of them; the second model's rows are in another order, as its processes append them.
 */
const fixtures = packagePath("test", "eval", "compare", "fixtures");
const lmEval = (model: string): string => join(fixtures, "lm-eval", model);
const longbench = (model: string): string => join(fixtures, "longbench", "pred", model);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-sources-"));
});
afterAll(() => rm(root, { recursive: true }));

describe("lm-evaluation-harness's output", () => {
  it("gives the figures that it has, and pairs of the same rows", async () => {
    const entries = await readRuns([lmEval("zebra-nano-4k"), lmEval("zebra-nano-lcat")]);
    expect(entries.map(({ name, notes }) => [name, notes])).toEqual([
      ["zebra-nano-4k", []],
      ["zebra-nano-lcat", []],
    ]);
    const [letters, words] = compareEntries(entries);
    expect(letters).toMatchObject({ benchmark: "oracle_capital_letters", metric: "acc", better: "higher" });
    expect(letters!.values.map((one) => one?.value)).toEqual([0.25, 0.25]);
    expect(words).toMatchObject({ benchmark: "oracle_last_word", metric: "perplexity", better: "lower" });
    expect(words!.values.map((one) => one!.value)).toBeAllClose([2936.5894238446513, 3414.702122368477], {
      rtol: 1e-9,
    });
    // scipy.stats.ttest_rel of the rows' log-likelihoods would be of their mean; this is of the perplexities.
    expect(words!.pairs[0]).toMatchObject({ n: 8, unlike: 0, outcome: "same", wins: 4, losses: 4 });
  });

  it("the folder of several models is all of them; a results file is one", async () => {
    const entries = await readRuns([join(fixtures, "lm-eval")]);
    expect(entries.map(({ name }) => name)).toEqual(["zebra-nano-4k", "zebra-nano-lcat"]);
    const [file] = (await readdir(lmEval("zebra-nano-4k"))).filter((name) => name.startsWith("results_"));
    const [one] = await readRuns([join(lmEval("zebra-nano-4k"), file!)]);
    expect([...one!.asked.keys()]).toEqual(["oracle_capital_letters", "oracle_last_word"]);
  });

  it("other rows are refused, with those that are only in one", async () => {
    const other = join(root, "other-rows");
    await cp(lmEval("zebra-nano-lcat"), other, { recursive: true });
    const [samples] = (await readdir(other)).filter((name) => name.startsWith("samples_oracle_capital"));
    const text = await readFile(join(other, samples!), "utf8");
    // The place in the file is the same, but the question is another.
    await writeFile(join(other, samples!), text.replaceAll("Liberia", "Libya"));
    const [letters] = compareEntries(await readRuns([lmEval("zebra-nano-4k"), other]));
    expect(letters!.pairs[0]).toMatchObject({ outcome: undefined, n: 7, unlike: 2, only: [["0"], ["0"]] });
  });

  it("without samples there are figures, no verdict, and a note that says why", async () => {
    const bare = join(root, "bare");
    await cp(lmEval("zebra-nano-lcat"), bare, {
      recursive: true,
      filter: (path) => !path.includes("samples_"),
    });
    const entries = await readRuns([lmEval("zebra-nano-4k"), bare]);
    expect(entries[1]!.notes[0]).toMatch(
      /^oracle_capital_letters: no .*; lm-eval writes it with --log_samples$/,
    );
    const [letters] = compareEntries(entries);
    expect(letters!.values[1]).toEqual({ value: 0.25, n: 8 });
    expect(letters!.pairs[0]!.outcome).toBeUndefined();
  });

  it("a figure that rows do not add up to has no interval, and is told", async () => {
    const folder = join(root, "macro");
    await cp(lmEval("zebra-nano-lcat"), folder, { recursive: true });
    const [file] = (await readdir(folder)).filter((name) => name.startsWith("results_"));
    const text = await readFile(join(folder, file!), "utf8");
    await writeFile(join(folder, file!), text.replace('"acc_norm,none": 0.25', '"acc_norm,none": 0.31'));
    const [entry] = await readRuns([folder]);
    expect(entry!.notes).toEqual([
      "oracle_capital_letters: acc_norm,none cannot be made of its rows, and has no interval",
    ]);
  });

  it("older versions' rows, with lists of arguments and no names of metrics, are the same questions", async () => {
    const older = join(root, "older");
    await cp(lmEval("zebra-nano-lcat"), older, { recursive: true });
    for (const file of (await readdir(older)).filter((name) => name.startsWith("samples_"))) {
      const rows = (await readFile(join(older, file), "utf8")).trim().split("\n");
      const written = rows.map((row) => {
        const { metrics: _, filter: __, arguments: all, ...rest } = JSON.parse(row);
        return JSON.stringify({
          ...rest,
          arguments: Object.values(all).map((one) => Object.values(one as object)),
        });
      });
      await writeFile(join(older, file), `${written.join("\n")}\n`);
    }
    const compared = compareEntries(await readRuns([lmEval("zebra-nano-4k"), older]));
    expect(compared.map(({ pairs: [pair] }) => [pair!.n, pair!.outcome, pair!.other_prompts])).toEqual([
      [8, "same", undefined],
      [8, "same", undefined],
    ]);
  });

  it("a row without its place is named, and a task's name leads to no file elsewhere", async () => {
    const folder = join(root, "hostile");
    await cp(lmEval("zebra-nano-lcat"), folder, { recursive: true });
    const [samples] = (await readdir(folder)).filter((name) => name.startsWith("samples_oracle_capital"));
    const text = await readFile(join(folder, samples!), "utf8");
    await writeFile(join(folder, samples!), text.replace('"doc_id": 0', '"doc_id": null'));
    await expect(readRuns([folder])).rejects.toThrow(/\.jsonl:1: expected a number in doc_id, got null/);
    const [file] = (await readdir(folder)).filter((name) => name.startsWith("results_"));
    const results = await readFile(join(folder, file!), "utf8");
    await writeFile(join(folder, file!), results.replaceAll("oracle_capital_letters", "x/../../../etc"));
    await expect(readRuns([folder])).rejects.toThrow();
  });

  it("Python's NaN is read, and a line that is cut short is named", async () => {
    expect(parseObject('{"a": NaN, "b": [-Infinity, "NaN \\" Infinity"]}', "here")).toEqual({
      a: null,
      b: [null, 'NaN " Infinity'],
    });
    const cut = join(root, "cut");
    await cp(lmEval("zebra-nano-lcat"), cut, { recursive: true });
    const [samples] = (await readdir(cut)).filter((name) => name.startsWith("samples_oracle_capital"));
    const text = await readFile(join(cut, samples!), "utf8");
    await writeFile(join(cut, samples!), text.slice(0, -40));
    await expect(readRuns([cut])).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringMatching(/\.jsonl:8: expected a JSON object, got /),
    });
  });
});

describe("LongBench's predictions", () => {
  it("have the scores of its eval.py, and pairs whatever the order of the rows", async () => {
    const entries = await readRuns([longbench("small"), longbench("large")]);
    for (const { path, asked, notes } of entries) {
      const printed = JSON.parse(await readFile(join(path, "result.json"), "utf8")) as object;
      const own = Object.fromEntries(
        [...asked].map(([name, { value }]) => [name, Number((100 * value!.value).toFixed(2))]),
      );
      expect(own).toEqual(printed);
      expect(notes).toEqual([]);
    }
    const pairs = compareEntries(entries).map(({ benchmark, pairs: [pair] }) => [
      ...[benchmark, pair!.outcome, pair!.n, pair!.wins, pair!.losses],
    ]);
    expect(pairs).toEqual([
      ["gov_report", "better", 6, 5, 0],
      ["hotpotqa", "better", 12, 9, 1],
      ["trec", "same", 8, 3, 1],
    ]);
  });

  it("a result.json that says otherwise is told", async () => {
    const folder = join(root, "wrong");
    await cp(longbench("small"), folder, { recursive: true });
    await writeFile(join(folder, "result.json"), '{"trec": 62.5}');
    const [entry] = await readRuns([folder]);
    expect(entry!.notes).toEqual(["trec: result.json says 62.5, its predictions give 50.00"]);
  });

  it("of version 2 are judged as they are, by difficulty and length", async () => {
    const row = (i: number, judge: boolean) => ({
      ...{ _id: `q${i}`, domain: "d", difficulty: i % 2 ? "easy" : "hard", length: "short", question: "q" },
      ...{ choice_A: "a", choice_B: "b", choice_C: "c", choice_D: "d", answer: "A", judge },
      ...{ pred: judge ? "A" : null, context: `the same beginning ${i % 3}` },
    });
    const paths = [0.3, 0.9].map((share) => join(root, `model-${share}.jsonl`));
    for (const [m, path] of paths.entries()) {
      const rows = Array.from({ length: 12 }, (_, i) => row(i, m === 1 || i < 4));
      await writeFile(path, rows.map((one) => `${JSON.stringify(one)}\n`).join(""));
    }
    const [one] = compareEntries(await readRuns(paths));
    expect(one).toMatchObject({ benchmark: "longbench-v2", metric: "acc" });
    expect(one!.values.map((value) => value!.value)).toEqual([4 / 12, 1]);
    expect(one!.pairs[0]).toMatchObject({ n: 12, wins: 8, clusters: 3 });
  });
});

describe("folders of task files' results", () => {
  const sample = (doc_id: number, acc: number): TaskSample => ({
    ...{ doc_id, filter: "none", doc: { q: `question ${doc_id}` }, doc_hash: `${doc_id}`, target: "0" },
    ...{
      arguments: [[`prompt ${doc_id}`, " A"]],
      resps: [],
      filtered_resps: [],
      metrics: { acc },
      tokens: [],
    },
  });

  async function write(folder: string, rights: readonly number[], first = 0): Promise<void> {
    const value = rights.reduce((sum, one) => sum + one, 0) / rights.length;
    const n_samples = { original: 9, effective: rights.length, failed: 0 };
    const figure = { metric: "acc", filter: "none", value, stderr: "N/A", aggregation: "mean" };
    const figures = { "acc,none": { ...figure, higher_is_better: true } };
    const results = {
      version: 1,
      follows: "lm_eval 0.4.13",
      tasks: { "a/b": { task: "a/b", figures, n_samples } },
    };
    await writeFileAtomic(join(folder, "results.json"), JSON.stringify(results));
    const lines = rights.map((right, i) => `${JSON.stringify(sample(first + i, right))}\n`);
    await writeFileAtomic(join(folder, "samples", "a%2Fb.jsonl"), lines.join(""));
  }

  it("are compared row by row, also all models of a folder", async () => {
    const folder = join(root, "tasks");
    await write(join(folder, "before"), [1, 0, 0, 0, 0, 0, 0, 0]);
    await write(join(folder, "after"), [1, 1, 1, 1, 1, 1, 1, 1]);
    await write(join(root, "head", "few"), [1, 1, 1], 0);
    const both = await readRuns([folder]);
    expect(both.map(({ name }) => name)).toEqual(["after", "before"]);
    const [one] = compareEntries(both);
    expect(one).toMatchObject({ benchmark: "a/b", metric: "acc" });
    expect(one!.pairs[0]).toMatchObject({ n: 8, outcome: "worse", wins: 0, losses: 7 });
    const entries = await readRuns([join(folder, "before"), join(root, "head", "few")]);
    const [head] = compareEntries(entries);
    expect(head!.pairs[0]).toMatchObject({ n: 3, unlike: 5, only: [["3", "4", "5", "6", "7"], []] });
    const [shared] = compareEntries(entries, { isShared: true });
    expect(shared!.pairs[0]).toMatchObject({ n: 3, is_shared: true, wins: 2 });
  });

  it("the same rows asked by another harness are the same questions", async () => {
    const folder = join(root, "ours");
    const [file] = (await readdir(lmEval("zebra-nano-4k"))).filter((one) =>
      one.startsWith("samples_oracle_cap"),
    );
    const rows = (await readFile(join(lmEval("zebra-nano-4k"), file!), "utf8")).trim().split("\n");
    const lines = rows.map((row) => {
      const { arguments: all, target, doc, doc_id } = JSON.parse(row);
      const given = Object.values(all as Record<string, { arg_0: string; arg_1: string }>);
      return {
        ...sample(doc_id, doc_id % 2),
        ...{ doc, target: Number(target), arguments: given.map(({ arg_0, arg_1 }) => [arg_0, arg_1]) },
      };
    });
    const figure = { metric: "acc", filter: "none", value: 0.5, stderr: 0.1, aggregation: "mean" };
    const task = {
      ...{ task: "oracle_capital_letters", n_samples: { original: 30, effective: 8, failed: 0 } },
      figures: { "acc,none": { ...figure, higher_is_better: true } },
    };
    const results = { version: 1, follows: "lm_eval 0.4.13", tasks: { oracle_capital_letters: task } };
    await writeFileAtomic(join(folder, "results.json"), JSON.stringify(results));
    const path = join(folder, "samples", "oracle_capital_letters.jsonl");
    await writeFileAtomic(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const [letters] = compareEntries(await readRuns([folder, lmEval("zebra-nano-4k")]));
    expect(letters!.pairs[0]).toMatchObject({ n: 8, unlike: 0 });
    expect(letters!.pairs[0]).not.toHaveProperty("other_prompts");
  });
});

it("a path without results is refused, with what can be read", async () => {
  await expect(readRuns([dirname(fixtures)])).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(/expected the results of an evaluation.*lm-evaluation-harness.*LongBench/),
  });
});

it("the hash of a question does not depend on the order of its columns", () => {
  expect(contentHash({ a: 1, b: [{ c: 2, d: null }] })).toBe(contentHash({ b: [{ d: null, c: 2 }], a: 1 }));
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: "1" }));
});
