import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { RunEvent } from "../../../../src/contracts/events.ts";
import type { Example } from "../../../../src/contracts/example.ts";
import type { DatasetSpec } from "../../../../src/contracts/recipe.ts";
import { readExamples } from "../../../../src/datasets/folder/data-folder.ts";
import { splitOf } from "../../../../src/datasets/split.ts";
import { runDataStage } from "../../../../src/datasets/stage/stage.ts";
import { checkSplits } from "../../../../src/mixing/ledger/check-splits.ts";

let root: string;
let runs = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-splits-"));
});
afterAll(() => rm(root, { recursive: true }));

const half = { validation: 0.25, test: 0.25 };

async function write(files: Record<string, string>): Promise<string> {
  const folder = join(root, `in${runs++}`);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}

async function run(datasets: Partial<DatasetSpec>[], split = half) {
  const runDir = join(root, `run${runs++}`);
  const warnings: string[] = [];
  const emit = (event: RunEvent) => void (event.type === "warning" && warnings.push(event.message));
  const named = datasets.map((spec, i) => ({ name: `d${i}`, license: "CC0-1.0", ...spec }));
  await runDataStage(
    { runDir, emit, stop: { stopped: false } },
    { data: { datasets: named, split }, seed: 1 },
  );
  await checkSplits(join(runDir, "data"));
  const examples: Example[] = [];
  for await (const example of readExamples(join(runDir, "data"))) examples.push(example);
  return { warnings, examples, splits: countsOf(examples) };
}

function countsOf(examples: readonly Example[]): Record<string, string> {
  const files: Record<string, Set<string>> = {};
  for (const { source, split } of examples) {
    files[source.file!] ??= new Set();
    files[source.file!]!.add(split);
  }
  return Object.fromEntries(
    Object.entries(files).map(([file, splits]) => [file, [...splits].sort().join(" ")]),
  );
}

const chat = (user: string, more: Record<string, unknown> = {}) =>
  `${JSON.stringify({
    messages: [
      { role: "user", content: user },
      { role: "assistant", content: "So it is." },
    ],
    ...more,
  })}\n`;
const rows = (what: string, count = 12) =>
  Array.from({ length: count }, (_, i) => chat(`${what} question ${i}: what is ${i} and ${i}?`)).join("");

describe("files named as a split", () => {
  it("of a folder are in that split as a whole, and counted", async () => {
    const path = await write({
      "data/train-00000-of-00001.jsonl": rows("a", 30),
      "data/validation-00000-of-00001.jsonl": rows("b"),
      "data/test/part1.jsonl": rows("c"),
      "README.md": "# A clone",
    });
    const { splits, warnings } = await run([{ path }]);
    expect(splits).toEqual({
      "data/train-00000-of-00001.jsonl": "test train validation",
      "data/validation-00000-of-00001.jsonl": "validation",
      "data/test/part1.jsonl": "test",
    });
    expect(warnings).toEqual([
      "d0: 1 file of another kind is not read (README.md)",
      "d0: 12 rows of 1 file named as validation data are in the validation split and not trained on " +
        "(data/validation-00000-of-00001.jsonl). To split them by document as the others, set split: train here",
      "d0: 12 rows of 1 file named as test data are in the test split and not trained on " +
        "(data/test/part1.jsonl). To split them by document as the others, set split: train here",
    ]);
    // Without shares of the recipe, the files alone decide.
    const own = await run([{ path }], { validation: 0, test: 0 });
    expect(own.splits["data/train-00000-of-00001.jsonl"]).toBe("train");
    expect(own.splits["data/test/part1.jsonl"]).toBe("test");
  });

  it("a file or folder that the recipe names itself is no exception, and `split` goes before names", async () => {
    const path = await write({
      "test.jsonl": rows("a"),
      "test/rows.jsonl": rows("b"),
      "x/more.jsonl": rows("c"),
    });
    const none = { validation: 0, test: 0 };
    expect((await run([{ path: join(path, "test.jsonl") }], none)).splits).toEqual({ "test.jsonl": "test" });
    expect((await run([{ path: join(path, "test") }], none)).splits).toEqual({ "rows.jsonl": "test" });
    const given = await run([{ path: join(path, "test.jsonl"), split: "train" }], none);
    expect([given.splits, given.warnings]).toEqual([{ "test.jsonl": "train" }, []]);
    expect((await run([{ path: join(path, "x"), split: "validation" }], none)).splits).toEqual({
      "more.jsonl": "validation",
    });
  });

  it("the card of a clone says it before names do", async () => {
    const card = [
      "---",
      "configs:",
      "- config_name: default",
      "  data_files:",
      "  - { split: train, path: 'dev-log/*.jsonl' }",
      "  - { split: test_sft, path: held.jsonl }",
      "---",
    ].join("\n");
    const path = await write({ "README.md": card, "dev-log/a.jsonl": rows("a"), "held.jsonl": rows("b") });
    const { splits } = await run([{ path }], { validation: 0, test: 0 });
    expect(splits).toEqual({ "dev-log/a.jsonl": "train", "held.jsonl": "test" });
  });

  it("texts called testing or valid are chapters, where none is called train", async () => {
    const none = { validation: 0, test: 0 };
    const docs = await write({ "testing.md": "How to test.", "dev/guide.md": "How to build." });
    expect(new Set(Object.values((await run([{ path: docs }], none)).splits))).toEqual(new Set(["train"]));
    const texts = await write({ "train/a.txt": "One.", "test/b.txt": "Two." });
    expect((await run([{ path: texts }], none)).splits).toEqual({
      "train/a.txt": "train",
      "test/b.txt": "test",
    });
  });

  it("a document in them is in no other split, in any dataset", async () => {
    const path = await write({
      "test.jsonl": chat("Held?", { document: "report-1" }),
      "train.jsonl": chat("Asked?", { document: "report-1" }) + chat("Other?", { document: "report-2" }),
    });
    const other = await write({ "more.jsonl": chat("Again?", { document: "report-1" }) });
    const { examples, warnings } = await run([{ path: other }, { path }], { validation: 0, test: 0 });
    expect(examples.map(({ messages, split }) => [messages[0]!.content, split])).toEqual([
      ["Again?", "test"],
      ["Held?", "test"],
      ["Asked?", "test"],
      ["Other?", "train"],
    ]);
    expect(warnings.filter((one) => one.includes("another split"))).toEqual([
      "d0: 1 of 1 examples are on documents that are in files of another split, and are in that split (first: d0/1)",
      "d1: 1 of 3 examples are on documents that are in files of another split, and are in that split " +
        "(first: d1/train.jsonl:1)",
    ]);
  });
});

const story = (n: number) =>
  Array.from(
    { length: 12 },
    (_, i) => `In month ${i + 1} the mill number ${n} ground ${(i * 7 + n) % 90} sacks.`,
  );
const many = Array.from({ length: 40 }, (_, n) => n);
const leaks = (examples: readonly Example[], nameOf: (example: Example) => string) => {
  const found = new Map<string, Set<string>>();
  for (const example of examples) {
    const name = nameOf(example);
    found.set(name, (found.get(name) ?? new Set()).add(example.split));
  }
  expect(new Set([...found.values()].flatMap((splits) => [...splits])).size).toBe(3);
  return [...found.values()].filter(({ size }) => size > 1).length;
};
const millOf = ({ messages }: Example) =>
  /mill number (\d+)/.exec(messages.map((m) => m.content).join(" "))![1]!;

describe("a document has one identity through the run", () => {
  it("by its name, whatever the dataset is called: before, 28 of 40 documents were in two splits", async () => {
    const path = await write({
      "qa.jsonl": many.map((n) => chat(`${story(n).join(" ")}\n\nHow many?`, { document: `r${n}` })).join(""),
      "sum.jsonl": many.map((n) => chat(`Sum up mill number ${n}.`, { document: `r${n}` })).join(""),
    });
    const { examples } = await run([{ path: join(path, "qa.jsonl") }, { path: join(path, "sum.jsonl") }]);
    expect(examples.map(({ source }) => source.document)).toEqual([...many, ...many].map((n) => `r${n}`));
    expect(leaks(examples, millOf)).toBe(0);
  });

  it("by its text in every form of rows, with other questions before and behind it", async () => {
    const alpaca = (n: number) =>
      `${JSON.stringify({ instruction: "Sum up.", input: story(n).join("\n"), output: "Much was ground." })}\n`;
    const sharegpt = (n: number) =>
      `${JSON.stringify({
        conversations: [
          { from: "system", value: "You answer." },
          { from: "human", value: `When was mill number ${n} idle?\n\n${story(n).join(" ")}` },
          { from: "gpt", value: "Never." },
          { from: "human", value: "And then?" },
          { from: "gpt", value: "Nor then." },
        ],
      })}\n`;
    const asked = (n: number, k: number) =>
      chat(
        `Read this${".".repeat(k)}\n\nText:\n${story(n).join(" ")}\n\nQuestion ${k}: how many in month ${k}?`,
      );
    const path = await write({
      "a.jsonl": many.map(alpaca).join(""),
      "s.jsonl": many.map(sharegpt).join(""),
      "m.jsonl": many.flatMap((n) => [1, 2, 3].map((k) => asked(n, k))).join(""),
      ...Object.fromEntries(many.map((n) => [`texts/${n}.txt`, story(n).join(" ")])),
    });
    const datasets = ["a.jsonl", "s.jsonl", "m.jsonl", "texts"].map((name) => ({ path: join(path, name) }));
    const { examples, warnings } = await run(datasets);
    expect(examples.length).toBe(40 * 6);
    expect(leaks(examples, millOf)).toBe(0);
    expect(warnings).toEqual([]);
  });

  it("forty questions on one document are in one split, which is told", async () => {
    const path = await write({
      "q.jsonl": many.map((k) => chat(`${story(1).join(" ")}\n\nMonth ${k}?`)).join(""),
    });
    const { examples, warnings } = await run([{ path: join(path, "q.jsonl") }]);
    expect(new Set(examples.map(({ split }) => split)).size).toBe(1);
    expect(warnings).toEqual([
      "d0: all 40 examples have one long passage (or their first question) in common, so they are taken to be " +
        "on one document and are in one split (first: d0/1). If it is an instruction, name the documents: a " +
        "`document` column in the rows, or fields.document",
    ]);
  });

  it("an instruction before other documents, or before 200 prompts, is no document", async () => {
    const order = `You are an expert. ${"Weigh every word of the text and explain what you find in it. ".repeat(12)}`;
    const path = await write({
      "long.jsonl": many.map((n) => chat(`${order}\n\n${story(n).join(" ")}`)).join(""),
      "short.jsonl": Array.from({ length: 300 }, (_, n) => chat(`${order}\n\nmill number ${n}`)).join(""),
    });
    const long = await run([{ path: join(path, "long.jsonl") }]);
    expect(leaks(long.examples, millOf)).toBe(0);
    expect(long.warnings.filter((one) => one.includes("one long passage"))).toEqual([]);
    const short = await run([{ path: join(path, "short.jsonl") }]);
    expect(leaks(short.examples, millOf)).toBe(0);
    expect(short.warnings).toEqual([
      "d0: all of the first 200 prompts have one passage (“You are an expert. Weigh every word of the text and " +
        "explain …”), which is taken for an instruction. If it is a document, say so in the rows' `document` " +
        "column (or fields.document)",
    ]);
  });

  it("the system's text is one where it differs, and no document where it always is the same", async () => {
    const system = (n: number, text: string) =>
      `${JSON.stringify({
        messages: [
          { role: "system", content: text },
          { role: "user", content: `Question ${n} on mill number ${n % 10}?` },
          { role: "assistant", content: "Yes." },
        ],
      })}\n`;
    const path = await write({
      "varies.jsonl": many.map((n) => system(n, `Answer from:\n${story(n % 10).join(" ")}`)).join(""),
      "same.jsonl": many.map((n) => system(n, story(99).join(" "))).join(""),
    });
    const varies = await run([{ path: join(path, "varies.jsonl") }]);
    expect(leaks(varies.examples, millOf)).toBe(0);
    const same = await run([{ path: join(path, "same.jsonl") }]);
    expect(new Set(same.examples.map(({ source }) => source.document)).size).toBe(40);
    // A document there might be one: the run says what it cannot tell.
    expect(same.warnings).toEqual([
      expect.stringMatching(
        /^\d+ of \d+ held-out examples share a passage of 200 characters or more with ex/,
      ),
    ]);
  });

  it("a short question is one by its text, as ever", async () => {
    const path = await write({ "q.jsonl": rows("x") });
    const { examples } = await run([{ path: join(path, "q.jsonl") }]);
    for (const { source, split } of examples) expect(split).toBe(splitOf(source.document, half));
    expect(new Set(examples.map(({ source }) => source.document)).size).toBe(12);
  });
});

test("rows whose documents are named otherwise share passages across splits, which is told with what to set", async () => {
  const path = await write({
    "a.jsonl": many.map((n) => chat(`${story(n).join(" ")}\n\nHow many?`, { document: `a${n}` })).join(""),
    "b.jsonl": many.map((n) => chat(`Sum up.\n\n${story(n).join(" ")}`, { document: `b${n}` })).join(""),
  });
  const { examples, warnings } = await run([
    { path: join(path, "a.jsonl") },
    { path: join(path, "b.jsonl") },
  ]);
  const train = new Set(examples.filter(({ split }) => split === "train").map(millOf));
  const held = examples.filter(({ split }) => split !== "train");
  const shared = held.filter((example) => train.has(millOf(example)));
  expect(shared.length).toBeGreaterThan(0);
  expect(warnings).toEqual([
    `${shared.length} of ${held.length} held-out examples share a passage of 200 characters or more with ` +
      `examples that are trained on (first: ${shared[0]!.id}: ${"“"}In month ${
        /In month (\d+)/.exec(warnings[0]!)?.[1]
      } the mill number ${millOf(shared[0]!)} ground ${/ground (\d+)/.exec(warnings[0]!)?.[1]} sacks. In month ${
        /sacks\. In month ([^”]*)/.exec(warnings[0]!)?.[1]
      }”). If it is part of a document, say which rows are on one document: a \`document\` column, or ` +
      "fields.document",
  ]);
});
