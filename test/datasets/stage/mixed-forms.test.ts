import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { Example } from "../../../src/contracts/example.ts";
import type { DatasetSpec } from "../../../src/contracts/recipe.ts";
import { readDataManifest, readExamples } from "../../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-forms-"));
});
afterAll(() => rm(root, { recursive: true }));

async function dataOf(name: string, lines: readonly string[], more: Partial<DatasetSpec> = {}) {
  const path = join(root, `${name}.jsonl`);
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  const events: RunEvent[] = [];
  const runDir = join(root, `run-${name}`);
  const data = {
    datasets: [{ name: "d", path, license: "CC0-1.0", ...more }],
    split: { validation: 0, test: 0 },
  };
  await runDataStage(
    { runDir, emit: (event) => events.push(event), stop: { stopped: false } },
    { data, seed: 1 },
  );
  const dataDir = join(runDir, "data");
  const fates: string[] = [];
  const sql = `SELECT fate, reason FROM read_parquet(${sqlLiteral(join(dataDir, "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) fates.push(`${String(row.fate)} ${String(row.reason)}`.trim());
  const examples: Example[] = [];
  for await (const example of readExamples(dataDir)) examples.push(example);
  const [manifest] = readDataManifest(dataDir).datasets;
  const card = await readFile(join(dataDir, "d", "README.md"), "utf8");
  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  const end = events.find((event) => event.type === "stage.end");
  return { fates, examples, manifest: manifest!, card, warnings, summary: end!.summary };
}

const user = (content: string, more: object = {}) => ({ role: "user", content, ...more });
const assistant = (content: string | null, more: object = {}) => ({ role: "assistant", content, ...more });
const human = (value: string) => ({ from: "human", value });
const gpt = (value: string) => ({ from: "gpt", value });
const json = (row: object): string => JSON.stringify(row);

/** A file as concatenated tables leave it, and what is to become of each line. */
const mixed: [line: string, fate: string][] = [
  [json({ messages: [user("a"), assistant("b")] }), "kept"],
  [json({ messages: [], conversations: [human("a"), gpt("b")] }), "kept"],
  [json({ messages: null, instruction: "a", input: null, output: "b" }), "kept"],
  [json({ prompt: [user("a")], completion: [assistant("b")] }), "kept"],
  [json({ prompt: "a", completion: "b", instruction: null, output: null }), "kept"],
  ['{"instruction": "a", "input": NaN, "output": "b"}', "changed not_a_number"],
  [json({ conversations: [human("a"), gpt("b")], system_prompt: "S" }), "kept"],
  [json({ messages: [user("a"), assistant("b", { reasoning: "c" })] }), "kept"],
  [json({ messages: [user("a"), assistant("b")], reasoning: "c" }), "changed unread_column"],
  [json({ messages: [user("<image> a"), assistant("b")], images: ["x"] }), "dropped unread_column"],
  [json({ messages: [user("a"), assistant("b", { function_calls: "f()" })] }), "dropped tool_calls"],
  [json({ messages: [user("a"), user("b"), assistant("c")] }), "dropped role_order"],
  [json({ text: "of no form" }), "dropped missing_messages"],
  [json({ messages: [user("a"), assistant(null, { thinking: "b" })] }), "dropped empty_answer"],
  ["", "dropped blank_line"],
  ["{", "dropped json_syntax"],
];

test("a file whose rows have several forms is read row by row; it was refused whole", async () => {
  const { fates, manifest, card, warnings, summary, examples } = await dataOf(
    "mixed",
    mixed.map(([line]) => line),
  );
  expect(fates).toEqual(mixed.map(([, fate]) => fate));
  expect(manifest.rows).toEqual({ read: 16, kept: 7, changed: 2, dropped: 7 });
  expect(manifest.format).toBe("messages, sharegpt, alpaca, prompt-completion");
  expect(manifest.by_form).toEqual({
    messages: 7,
    sharegpt: 2,
    alpaca: 2,
    "prompt-completion": 2,
    "no known form": 1,
  });
  expect(manifest.thoughts).toBe(1);
  expect(summary).toMatchObject({ read: 16, examples: 9, thoughts: 1 });
  expect(card).toContain(
    "Rows by form: messages 7, sharegpt 2, alpaca 2, prompt-completion 2, no known form 1.",
  );
  expect(warnings).toEqual([
    "d: rows of several forms, each read by its own: messages in 7 rows, sharegpt in 2 rows, alpaca in 2 rows, " +
      "prompt-completion in 2 rows, no known form in 1 row",
    expect.stringMatching(/^d: columns that matter are not read: images in 1 row, reasoning in 1 row\./),
    "d: NaN or Infinity, which JSON does not have, read as null in 1 row",
    expect.stringMatching(/^d: turns of one role in a row drop 1 row; join_consecutive: true/),
  ]);
  // One conversation in all forms, apart from a system prompt and a thought.
  const said = examples.map(({ messages }) =>
    messages.map(({ role, content }) => `${role} ${content}`).join("; "),
  );
  expect(new Set(said)).toEqual(new Set(["user a; assistant b", "system S; user a; assistant b"]));
  expect(said[6]).toBe("system S; user a; assistant b");
});

test("turns of one role in a row are joined where the recipe says so", async () => {
  const [, last] = [mixed[0], mixed[11]];
  const { fates, examples } = await dataOf("joined", [last![0]], { join_consecutive: true });
  expect(fates).toEqual(["changed joined_turns"]);
  expect(examples[0]!.messages).toEqual([user("a\n\nb"), assistant("c")]);
});

test("thoughts, calls and tools are on disk as they are written", async () => {
  const row =
    '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null, "thinking": "<b>", ' +
    '"tool_calls": [{"function": {"name": "f", "arguments": {"x": 1.0, "10": 9007199254740993, "2": NaN}}}]}], ' +
    '"functions": [{"name": "f", "parameters": {"default": 2.0}}]}';
  const { fates, examples } = await dataOf("written", [row]);
  expect(fates).toEqual(["changed not_a_number"]);
  const [{ messages, tools }] = examples as [Example];
  expect(messages[1]).toEqual({
    role: "assistant",
    content: "",
    reasoning_content: "<b>",
    tool_calls: [
      { type: "function", function: { name: "f", arguments: '{"x":1.0,"10":9007199254740993,"2":null}' } },
    ],
  });
  expect(tools).toBe('[{"type":"function","function":{"name":"f","parameters":{"default":2.0}}}]');
});

test("thoughts are compared, and personal data in them replaced", async () => {
  const row = (thought: string) => json({ messages: [user("a"), assistant("b", { reasoning: thought })] });
  const curate = { pii: ["mail" as const], filters: [], exact_duplicates: true };
  const lines = [row("ask bob@corp.org"), row("ask ann@corp.org"), row("ask nobody")];
  const path = join(root, "thoughts.jsonl");
  await writeFile(path, lines.join("\n"));
  const runDir = join(root, "run-thoughts");
  const data = { datasets: [{ name: "d", path }], split: { validation: 0, test: 0 }, curate };
  await runDataStage({ runDir, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
  const thoughts: unknown[] = [];
  for await (const { messages } of readExamples(join(runDir, "data")))
    thoughts.push(messages[1]!.reasoning_content);
  expect(thoughts).toEqual(["ask <EMAIL_ADDRESS>", "ask nobody"]);
});

test("a dataset of which every row is dropped says so, and why the first was", async () => {
  const { warnings } = await dataOf("none", [mixed[13]![0], mixed[11]![0]]);
  expect(warnings.at(-1)).toBe(
    "d: no row is an example: all 2 rows are dropped; the first as empty_answer: turn 2 (assistant) is blank: " +
      "it has a thought (reasoning_content) and no answer",
  );
});
