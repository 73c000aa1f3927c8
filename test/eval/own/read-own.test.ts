import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BenchmarkSpec } from "../../../src/contracts/recipe.ts";
import { readOwn } from "../../../src/eval/own/read-own.ts";
import { referencesOf } from "../../../src/eval/scoring/references.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-own-"));
});
afterAll(() => rm(root, { recursive: true }));

async function write(name: string, content: string): Promise<string> {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const read = (path: string, more: Partial<BenchmarkSpec> = {}) =>
  readOwn({ name: "mine", path, ...more }, "eval.benchmarks.0", () => {});

const lines = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join("\n");

it.each<[string, string, string, Partial<BenchmarkSpec>]>([
  ["messages", "a.jsonl", lines({ messages: [turn("user", "Where?"), turn("assistant", "Here.")] }), {}],
  ["Alpaca", "b.jsonl", lines({ instruction: "Where?", input: "", output: "Here." }), {}],
  ["prompt and completion", "c.jsonl", lines({ prompt: "Where?", completion: "Here." }), {}],
  [
    "ShareGPT",
    "d.json",
    JSON.stringify([{ conversations: [said("human", "Where?"), said("gpt", "Here.")] }]),
    {},
  ],
  [
    "columns",
    "e.csv",
    "q,a\nWhere?,Here.\n",
    { fields: { prompt: "{{q}}", response: "{{a}}", answers: "a" } },
  ],
])("reads questions with right answers: %s", async (form, file, content, more) => {
  const { examples, rows, unusable } = await read(await write(`${form}/${file}`, content), more);
  expect({ rows, unusable }).toEqual({ rows: 1, unusable: {} });
  expect(examples[0]!.messages[0]!.content).toBe("Where?");
  expect(referencesOf(examples[0]!)).toEqual(["Here."]);
  expect(examples[0]!.id.startsWith("mine/")).toBe(true);
});

function turn(role: string, content: string) {
  return { role, content };
}
function said(from: string, value: string) {
  return { from, value };
}

it("rows that cannot be asked are counted by reason, and the first is named", async () => {
  const good = JSON.stringify({ prompt: "Where?", completion: "Here." });
  const alone = JSON.stringify({ messages: [turn("user", "Where?")] });
  const path = await write("bad/rows.jsonl", `${good}\n{broken\n${alone}\n{"prompt":"","completion":"x"}\n`);
  const { examples, rows, unusable, first } = await read(path);
  expect(examples).toHaveLength(1);
  expect(rows).toBe(4);
  expect(Object.values(unusable).reduce((a, b) => a + b, 0)).toBe(3);
  expect(unusable).toMatchObject({ json_syntax: 1 });
  expect(first).toMatch(/^mine\//);
});

it("texts without a question cannot be asked", async () => {
  const { examples, unusable } = await read(await write("texts/a.md", "# Title\n\nA text.\n"));
  expect(examples).toEqual([]);
  expect(unusable).toEqual({ "no question": 1 });
});

it("of a folder the files named as test data, or those of the split that is set", async () => {
  const row = (n: number) => JSON.stringify({ prompt: `Number ${n}?`, completion: String(n) });
  await write("folder/train.jsonl", row(1));
  await write("folder/test.jsonl", `${row(2)}\n{broken`);
  await write("folder/validation.jsonl", row(3));
  const folder = join(root, "folder");
  const answers = async (more: Partial<BenchmarkSpec>, path = folder) =>
    (await read(path, more)).examples.map((one) => referencesOf(one)[0]);
  expect(await answers({})).toEqual(["2"]);
  // Broken rows of the other files are none of its business.
  expect((await read(folder)).unusable).toEqual({ json_syntax: 1 });
  expect((await read(folder, { split: "train" })).unusable).toEqual({});
  expect(await answers({ split: "train" })).toEqual(["1"]);
  expect(await answers({ split: "validation" })).toEqual(["3"]);
  // A file is asked about whatever its name says.
  expect(await answers({}, join(folder, "train.jsonl"))).toEqual(["1"]);
  expect(await answers({ split: "test" }, join(folder, "validation.jsonl"))).toEqual(["3"]);
  await rm(join(folder, "test.jsonl"));
  await expect(read(folder)).rejects.toThrow(/named as test data, got only validation and others. Set split/);
  await rm(join(folder, "validation.jsonl"));
  expect(await answers({})).toEqual(["1"]);
});
