import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Item, Prompted } from "../../../src/eval/benchmark.ts";
import { benchmarkCatalog } from "../../../src/eval/benchmarks/index.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { zipOf } from "../../zip-of.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-longbench-"));
const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

const prompts = {
  qasper: "Read.\n{context}\nQuestion: {input} {{x}}\nAnswer:",
  trec: "{context}\n{input}",
  samsum: "{context}\n\n{input}",
};
const maxlen = { qasper: 12, trec: 6, samsum: 8 };

function row(dataset: string, i: number, more: object = {}): string {
  return JSON.stringify({
    ...{ _id: `${dataset}${i}`, context: `text {input} ${i} }`, input: `ask ${i}`, answers: ["blue"] },
    ...{ length: [100, 4000, 8000][i % 3], dataset, language: "en", all_classes: null, ...more },
  });
}

const files = {
  "data/qasper.jsonl": [0, 1, 2, 3].map((i) => row("qasper", i)).join("\n"),
  "data/trec.jsonl": [
    row("trec", 0, { all_classes: ["a", "blue"] }),
    row("trec", 1, { all_classes: ["blue"] }),
  ].join("\n"),
  "data/samsum.jsonl": row("samsum", 0),
  "data/qasper_e.jsonl": [0, 1, 2, 3].map((i) => row("qasper", i)).join("\n"),
};

beforeAll(async () => {
  await mkdir(join(dir, "LongBench", "config"), { recursive: true });
  await writeFile(join(dir, "LongBench", "config", "dataset2prompt.json"), JSON.stringify(prompts));
  await writeFile(join(dir, "LongBench", "config", "dataset2maxlen.json"), JSON.stringify(maxlen));
  await writeFile(join(dir, "data.zip"), zipOf(files));
  await mkdir(join(dir, "data"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
});

function ask(
  options: Record<string, unknown>,
  {
    name = "longbench",
    limit,
    maxSeqTokens = 200,
  }: { name?: string; limit?: number; maxSeqTokens?: number } = {},
) {
  const environment = { tokenizer, heldOut: { dataDir: "" }, maxSeqTokens, truncate: "middle" as const };
  return benchmarkCatalog[name as "longbench"].items(environment, {
    name,
    ...(limit !== undefined && { limit }),
    options: {
      config: dir,
      data: join(dir, "data.zip"),
      tasks: ["qasper", "trec", "samsum"],
      ...options,
    } as never,
  });
}
const textOf = (item: Item) => tokenizer.decode((item as Prompted).prompt);
const byId = (items: readonly Item[], id: string) => items.find((item) => item.id === id)! as Item & Prompted;

it("asks as pred.py: str.format, a template but for few-shot and code, lengths and ends of answers", async () => {
  const { items, skipped } = await ask({});
  expect(items.map(({ id }) => id)).toEqual([
    ...[0, 1, 2, 3].map((i) => `qasper/qasper${i}`),
    "trec/trec0",
    "trec/trec1",
    "samsum/samsum0",
  ]);
  expect(skipped).toEqual({});
  const qasper = byId(items, "qasper/qasper1");
  const plain = "Read.\ntext {input} 1 }\nQuestion: ask 1 {x}\nAnswer:";
  expect(await textOf(qasper)).toContain(`${plain}</`.slice(0, -2));
  expect(await textOf(qasper)).not.toBe(`${tokenizer.bosToken ?? ""}${plain}`);
  expect(qasper.maxNewTokens).toBe(12);
  expect(qasper.verbatim).toEqual({ stopIds: [], minNewTokens: 0 });
  const [ids] = await tokenizer.encodeWithSpecials(["text {input} 0 }\nask 0"], true);
  expect(byId(items, "trec/trec0").prompt).toEqual(ids);
  const lineBreak = (await tokenizer.encode("\n")).at(-1);
  expect(byId(items, "samsum/samsum0").verbatim).toEqual({ stopIds: [lineBreak], minNewTokens: 1 });
  const bare = await ask({ chat_template: false, data: join(dir, "data") });
  const [whole] = await tokenizer.encodeWithSpecials([plain], true);
  expect(byId(bare.items, "qasper/qasper1").prompt).toEqual(whole);
});

it("classes of the last row are all rows' own; a dataset weighs the same as a longer one", async () => {
  const { items, outcome } = await ask({});
  const answers = await Promise.all(
    items.map(async (item) => [item.id, await (item as Prompted).judge("a blue sea")] as const),
  );
  const trec = answers.find(([id]) => id === "trec/trec0")![1];
  // By its own classes, a and blue, it would be a half.
  expect(trec.scores).toEqual([
    { slice: "", metric: "score", sum: 0.5, weight: 0.5 },
    { slice: "trec", metric: "score", sum: 1, weight: 1 },
  ]);
  const whole = answers.flatMap(([, { scores }]) => scores.filter(({ slice }) => slice === ""));
  const weight = whole.reduce((sum, one) => sum + one.weight, 0);
  expect(weight).toBeCloseTo(3, 12);
  const { printed } = outcome!("m", new Map(answers.map(([id, { prediction }]) => [id, prediction])));
  expect(printed).toMatchObject({ qasper: 66.67, trec: 100 });
  const mean = whole.reduce((sum, one) => sum + one.sum, 0) / weight;
  expect(100 * mean).toBeCloseTo(Number(printed!.mean), 1);
});

it("E: by length, each the mean over datasets", async () => {
  const { items, outcome } = await ask({ tasks: ["qasper"] }, { name: "longbench-e" });
  const { scores } = await (items[1] as Prompted).judge("blue");
  expect(scores.map(({ slice, weight }) => [slice, weight])).toEqual([
    ["", 0.25],
    ["qasper", 1],
    ["4-8k", 1],
    ["qasper 4-8k", 1],
  ]);
  const { printed, files: written } = outcome!("m", new Map([[items[1]!.id, "blue"]]));
  expect(printed!.mean).toEqual({ "0-4k": Number.NaN, "4-8k": 100, "8k+": Number.NaN });
  expect(Object.keys(written)[0]).toBe("longbench/pred_e/m/qasper.jsonl");
});

it("cuts the whole prompt in the middle, says how much, and never asks over the length", async () => {
  const long = "The sea is blue. ".repeat(400);
  await mkdir(join(dir, "long"));
  await writeFile(join(dir, "long", "qasper.jsonl"), row("qasper", 0, { context: long }));
  const data = join(dir, "long");
  const [item] = (await ask({ data, tasks: ["qasper"] })).items as [Item & Prompted];
  expect(item.prompt.length + 12).toBeLessThanOrEqual(200);
  expect(item.prompt.length + 12).toBeGreaterThan(190);
  expect(item.isShortened).toBe(true);
  const text = await textOf(item);
  expect(text).toContain("Read.\nThe sea is blue.");
  expect(text).toContain("Question: ask 0 {x}\nAnswer:");
  const given = (await ask({ data, tasks: ["qasper"], max_length: 50, chat_template: false })).items[0]!;
  const [whole] = await tokenizer.encodeWithSpecials([`Read.\n${long}\nQuestion: ask 0 {x}\nAnswer:`], true);
  expect(given.tokensCut).toBe(whole!.length - 50);
  // What the recipe says is not changed: the row fails, and says why.
  const [over] = (await ask({ data, tasks: ["qasper"], max_length: 199 })).items as [
    Extract<Item, { ask: unknown }>,
  ];
  await expect(over.ask(undefined as never)).rejects.toThrow("Raise eval.max_seq_tokens or lower max_length");
});

it("a limit takes as many rows of each dataset as it can, and counts the others", async () => {
  const { items, skipped } = await ask({}, { limit: 4 });
  const counts = Map.groupBy(items, ({ id }) => id.split("/")[0]);
  expect([...counts].map(([dataset, { length }]) => [dataset, length]).sort()).toEqual([
    ["qasper", 2],
    ["samsum", 1],
    ["trec", 1],
  ]);
  expect(skipped).toEqual({ "rows of qasper over the limit": 2, "rows of trec over the limit": 1 });
});

it("says what to give where something is missing or unknown", async () => {
  await expect(ask({ config: undefined })).rejects.toThrow(
    /dataset2prompt\.json and dataset2maxlen\.json, got none[\s\S]*git clone/,
  );
  await expect(ask({ config: join(dir, "data") })).rejects.toThrow("which has not both");
  await expect(ask({ tasks: ["squad"] })).rejects.toThrow("expected some of narrativeqa");
  await expect(ask({ tasks: ["lcc"] })).rejects.toThrow("got none for lcc");
  await expect(ask({ tasks: ["samsum"], data: join(dir, "long") })).rejects.toThrow(
    "expected samsum.jsonl, got qasper",
  );
  await writeFile(
    join(dir, "data", "trec.jsonl"),
    '{"context": "a", "input": "b", "answers": "c", "length": 1}',
  );
  await expect(ask({ data: join(dir, "data") })).rejects.toThrow(
    "trec row 1: expected answers as a list of texts",
  );
});
