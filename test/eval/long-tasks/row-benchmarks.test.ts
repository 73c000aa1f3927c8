import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Truncate } from "../../../src/contracts/recipe/eval.ts";
import type { Prompted } from "../../../src/eval/benchmark.ts";
import { benchmarkCatalog } from "../../../src/eval/benchmarks/index.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-long-tasks-"));
const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

const files = {
  "qa1_4k.jsonl": [{ input: "Mary went to the kitchen. ", question: "Where is Mary?", target: "kitchen" }],
  "passkey.jsonl": [
    { context: "Much text.", input: "What is the pass key?", answer: ["71432"], options: [] },
  ],
  "code_debug.jsonl": [
    { context: "def f(): pass", input: "Which?", answer: "g", options: ["f", "g", "h", "i"] },
  ],
  "nq.jsonl": [
    {
      question: "Who?",
      answers: ["Ann", "Bob"],
      ctxs: [
        { title: "T", text: "x ".repeat(600) },
        { title: "U", text: "Bob" },
      ],
    },
  ],
  "kv.jsonl": [{ context: '{"a": "b-1"}', question: "a", answer: "b-1", num_kvs: 1 }],
};

beforeAll(async () => {
  for (const [name, rows] of Object.entries(files))
    await writeFile(join(dir, name), rows.map((row) => JSON.stringify(row)).join("\n"));
});

async function ask(
  name: "babilong" | "infinitebench" | "helmet",
  tasks?: string[],
  truncate: Truncate = "middle",
) {
  const made = await benchmarkCatalog[name].items(
    { tokenizer, heldOut: { dataDir: "" }, maxSeqTokens: 300, truncate },
    { name, options: { data: dir, ...(tasks && { tasks }) } as never },
  );
  return { ...made, items: made.items as ({ id: string } & Prompted & { tokensCut?: number })[] };
}

it("BABILong's rows: the right label and no other, by file", async () => {
  const { items } = await ask("babilong");
  expect(items.map(({ id }) => id)).toEqual(["qa1_4k/1"]);
  const text = await tokenizer.decode(items[0]!.prompt);
  expect(text).toContain(
    "Mary went to the kitchen. \n\nAnswer from these facts alone. Question: Where is Mary?",
  );
  const { scores } = await items[0]!.judge("She is in the kitchen. Not in the garden");
  expect(scores).toEqual(["", "qa1_4k"].map((slice) => ({ slice, metric: "acc", sum: 1, weight: 1 })));
  expect((await items[0]!.judge("kitchen or garden")).scores[0]!.sum).toBe(0);
});

it("∞Bench's rows: by its tasks, the letter found where options are given", async () => {
  const { items } = await ask("infinitebench");
  const byId = new Map(items.map((item) => [item.id, item]));
  expect([...byId.keys()].sort()).toEqual(["code_debug/1", "passkey/1"]);
  const passkey = byId.get("passkey/1")!;
  expect(passkey.maxNewTokens).toBe(6);
  expect((await passkey.judge("It is 71432, 5")).scores[1]).toEqual({
    ...{ slice: "passkey", metric: "score", sum: 1, weight: 1 },
  });
  const debug = byId.get("code_debug/1")!;
  expect(await tokenizer.decode(debug.prompt)).toContain("A. f\nB. g\nC. h\nD. i\nAnswer with the letter");
  expect((await debug.judge("B. g")).scores[0]!.sum).toBe(1);
  expect((await debug.judge("A. f")).scores[0]!.sum).toBe(0);
});

it("HELMET's rows: the better of the answer and its line; documents are cut, and counted, as the recipe says", async () => {
  const [nq, kv] = (await ask("helmet", ["nq", "kv"])).items.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const { scores } = await nq!.judge("I think.\nAnswer: Bob\nmore");
  expect(Object.fromEntries(scores.slice(0, 3).map(({ metric, sum }) => [metric, sum]))).toEqual({
    ...{ substring_exact_match: 1, exact_match: 1, f1: 1 },
  });
  expect((await kv!.judge("the value b-1")).scores[0]!.sum).toBe(1);
  expect(nq!.tokensCut).toBeGreaterThan(0);
  expect(nq!.prompt.length + 20).toBeLessThanOrEqual(300);
  const [end] = (await ask("helmet", ["nq"], "end")).items;
  expect(await tokenizer.decode(end!.prompt)).not.toContain("Title: U");
  const [start] = (await ask("helmet", ["nq"], "start")).items;
  expect(await tokenizer.decode(start!.prompt)).not.toContain("Title: T");
  expect(await tokenizer.decode(start!.prompt)).toContain("Document (Title: U): Bob");
  const skipped = await ask("helmet", ["nq", "kv"], "skip");
  expect([skipped.items.length, skipped.skipped]).toEqual([1, { "too long (eval.truncate: skip)": 1 }]);
  await expect(ask("helmet", ["nq", "kv"], "error")).rejects.toThrow(/nq\/1: .*the longest of 1 of 2/);
});

it("says which files it knows, and what of a row is wrong", async () => {
  await expect(ask("babilong", ["passkey"])).rejects.toThrow("(qa1_4k)");
  await writeFile(join(dir, "qa2.jsonl"), '{"input": "a", "target": "garden"}');
  await expect(ask("babilong", ["qa2"])).rejects.toThrow("qa2 row 1: expected question as a text, got none");
  await writeFile(
    join(dir, "longbook_choice_eng.jsonl"),
    JSON.stringify({ ...files["code_debug.jsonl"][0], answer: "z" }),
  );
  await expect(ask("infinitebench", ["longbook_choice_eng"])).rejects.toThrow(
    "expected answer among options",
  );
});
