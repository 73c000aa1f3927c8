import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { RunEvent } from "../../../../src/contracts/events.ts";
import type { Example, LedgerRow } from "../../../../src/contracts/example.ts";
import type { DatasetSpec } from "../../../../src/contracts/recipe.ts";
import { builderCatalog } from "../../../../src/datasets/documents/builders/index.ts";
import { readDataManifest, readExamples } from "../../../../src/datasets/folder/data-folder.ts";
import { textIds } from "../../../../src/datasets/rows/document-id.ts";
import { splitOf } from "../../../../src/datasets/split.ts";
import { runDataStage } from "../../../../src/datasets/stage/stage.ts";
import { readVendored } from "../../../../src/datasets/vendored.ts";
import { packagePath } from "../../../../src/package-root.ts";
import { sqlLiteral, streamRows } from "../../../../src/tables/duckdb.ts";

const split = { validation: 0.1, test: 0.2 };
let root: string;
let runs = 0;
/** Texts by the start of each, for telling whose text a piece is. */
const documents: string[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-builders-"));
  await mkdir(join(root, "texts"));
  for await (const { text } of readVendored<{ text: string }>("moby-dick")) {
    if (text.length < 6_000) continue;
    const whole = text.replaceAll("\r\n", "\n");
    documents.push(whole);
    await writeFile(join(root, "texts", `${documents.length}.txt`), whole);
    if (documents.length === 30) break;
  }
});
afterAll(() => rm(root, { recursive: true }));

async function build(
  name: string,
  options: Record<string, unknown> = {},
  seed = 1,
  more: Partial<DatasetSpec> = {},
  maxSeqTokens = 4096,
) {
  const runDir = join(root, `run${runs++}`);
  const dataset = {
    name: "d",
    path: join(root, "texts"),
    license: "CC0-1.0",
    build: { name, options },
    ...more,
  };
  const warnings: string[] = [];
  const emit = (event: RunEvent) => void (event.type === "warning" && warnings.push(event.message));
  const ctx = { runDir, emit, stop: { stopped: false } };
  await runDataStage(ctx, { data: { datasets: [dataset], split }, seed, maxSeqTokens });
  const examples: Example[] = [];
  for await (const example of readExamples(join(runDir, "data"))) examples.push(example);
  const ledger: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(runDir, "data", "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) ledger.push(row as unknown as LedgerRow);
  return { examples, ledger, warnings, manifest: readDataManifest(join(runDir, "data")) };
}

const charsOf = ({ messages }: Example) => messages.reduce((sum, { content }) => sum + content.length, 0);
const sizes = { target_tokens: [500, 1000], chars_per_token: 4 };

test("every builder has its line in the index", () => {
  const files = readdirSync(packagePath("src/datasets/documents/builders")).map((file) =>
    file.replace(/\.ts$/, ""),
  );
  expect(Object.keys(builderCatalog).sort()).toEqual(files.filter((file) => file !== "index").sort());
});

// Those that make the source by themselves (a teacher model) have tests of their own.
const templated = Object.entries(builderCatalog).filter(([, builder]) => "build" in builder);

describe.each(templated.map(([name]) => name))("%s", (name) => {
  it("makes examples of the wanted length, of the document's split, with what is asked for in it", async () => {
    const { examples, manifest } = await build(name, sizes);
    expect(examples.length).toBeGreaterThan(15);
    expect(manifest.totals.read).toBe(30);
    for (const example of examples) {
      const chars = charsOf(example);
      expect(chars).toBeGreaterThan(500 * 4 * 0.5);
      expect(chars).toBeLessThan(1000 * 4 * 1.3);
      const { messages, context = [], meta } = example;
      const prompt = messages[0]!.content;
      for (const { start, end } of (meta.evidence ?? []) as { start: number; end: number }[]) {
        expect(context.every((span) => span.end <= start || span.start >= end)).toBe(true);
        expect(end).toBeLessThanOrEqual(prompt.length);
      }
    }
    const middle = examples.map(charsOf).sort((a, b) => a - b)[examples.length >> 1]!;
    expect(middle).toBeGreaterThan(500 * 4 * 0.9);
  });

  it("is the same for a seed, another for another", async () => {
    const [one, again, other] = [
      await build(name, sizes),
      await build(name, sizes),
      await build(name, sizes, 2),
    ];
    expect(again.examples).toEqual(one.examples);
    expect(other.examples).not.toEqual(one.examples);
  });
});

describe.each(["passkey", "needle"])("%s", (name) => {
  it("hides the answer once, at the chosen depth, and asks for it", async () => {
    for (const depth of [0, 0.5, 1]) {
      const { examples } = await build(name, { ...sizes, depth });
      for (const { messages, meta } of examples) {
        const [prompt, answer] = messages.map(({ content }) => content);
        const [{ start, end }] = meta.evidence as [{ start: number; end: number }];
        expect(prompt!.slice(start, end)).toContain(answer!);
        expect((prompt!.slice(0, start) + prompt!.slice(end)).includes(answer!)).toBe(false);
        expect(Math.abs((meta.depth as number) - depth)).toBeLessThan(0.2);
      }
    }
  });
});

describe("multi-document-question", () => {
  it("the document asked about stands where it is said, and distractors are of its split", async () => {
    const { examples } = await build("multi-document-question", {
      ...sizes,
      document_chars: 800,
      depth: 0.5,
    });
    for (const { messages, meta, split: own } of examples) {
      const [prompt, answer] = messages.map(({ content }) => content);
      const [{ start, end }] = meta.evidence as [{ start: number; end: number }];
      expect(prompt!.slice(start, end)).toContain(answer!);
      const heads = [...prompt!.matchAll(/Document (\d+): .*\n\n([\s\S]{40})/g)];
      expect(heads.length).toBe(meta.documents);
      expect(meta.documents as number).toBeGreaterThan(1);
      expect(Number(heads.findLast((head) => head.index < start)![1])).toBe(meta.gold_document);
      const splits = new Set(heads.map(([, , text]) => splitOfText(text!)));
      expect([...splits]).toEqual([own]);
    }
    expect(new Set(examples.map(({ split }) => split)).size).toBeGreaterThan(1);
  });

  function splitOfText(start: string): string {
    const text = documents.find((one) => one.trimStart().startsWith(start))!;
    return splits.get(text)!;
  }
  const splits = new Map<string, string>();
  beforeAll(async () => {
    const idOf = await textIds(Readable.from(documents));
    for (const text of documents) splits.set(text, splitOf(idOf(text), split));
  });
});

test("document-questions: as many turns as asked for, every answer in the document", async () => {
  const { examples } = await build("document-questions", { ...sizes, questions: 3 });
  for (const { messages, meta } of examples) {
    expect(messages.length).toBe(6);
    const answers = messages.filter(({ role }) => role === "assistant").map(({ content }) => content);
    const evidence = meta.evidence as { start: number; end: number }[];
    for (const answer of answers) {
      expect(evidence.some(({ start, end }) => messages[0]!.content.slice(start, end).includes(answer))).toBe(
        true,
      );
    }
    const asked = messages.filter(({ role }) => role === "user").map(({ content }) => content);
    expect(new Set(asked).size).toBe(3);
  }
});

test("continuation: prompt and answer are the document's own text, one after the other", async () => {
  const { examples } = await build("continuation", { ...sizes, answer_share: 0.25 });
  for (const { messages, context } of examples) {
    const [span] = context!;
    const given = messages[0]!.content.slice(span!.start, span!.end);
    const text = documents.find((one) => one.includes(given))!;
    expect(text.slice(text.indexOf(given) + given.length).trimStart()).toContain(messages[1]!.content);
    expect(messages[1]!.content.length / given.length).toBeLessThan(0.5);
  }
});

test("chapter-summary: either way round, and without extraction only where there is a summary", async () => {
  const there = await build("chapter-summary", sizes);
  const back = await build("chapter-summary", { ...sizes, direction: "to_chapter" });
  expect(there.examples[0]!.task).toBe("summarization");
  expect(back.examples[0]!.task).toBe("writing");
  expect(back.examples[0]!.messages[0]!.content).toContain(there.examples[0]!.messages[1]!.content);
  const none = await build("chapter-summary", { ...sizes, extract: false });
  expect(none.manifest.datasets[0]!.reasons).toEqual({ no_example: 30 });
});

test("rows that are conversations are no documents; wrong names and options are told at once", async () => {
  const rows = await build("passkey", sizes, 1, { path: undefined, catalog: "moby-dick", limit: 5 } as never);
  expect(rows.manifest.datasets[0]!.reasons.not_document).toBeGreaterThan(1000);
  await expect(build("pass-key")).rejects.toMatchObject({
    problems: [expect.stringMatching(/^data\.datasets\[0\]\.build\.name: expected one of chapter-summary, /)],
  });
  await expect(build("needle", { depth: 2, target_tokens: [9000, 100] })).rejects.toMatchObject({
    problems: [
      "data.datasets[0].build.options.depth: expected <= 1, got 2",
      "data.datasets[0].build.options.target_tokens: expected the least first, got [9000, 100]",
    ],
  });
});

describe("without target_tokens", () => {
  const fitted = (name: string, maxSeqTokens: number, options = {}) =>
    build(name, options, 1, {}, maxSeqTokens);

  it.each(["continuation", "passkey", "document-questions"])(
    "%s: sizes are for the mix; those of 2,048 tokens and more did not fit it",
    async (name) => {
      const { examples, manifest } = await fitted(name, 512);
      // Few documents have no sentence to ask about.
      expect(manifest.totals.dropped).toBeLessThan(name === "document-questions" ? 3 : 1);
      for (const example of examples) expect(charsOf(example)).toBeLessThan(512 * 4 * 1.3);
      const { built } = manifest.datasets[0]!;
      expect(built).toMatchObject({ builder: name, target_tokens: [102, 409], max_seq_tokens: 512 });
      expect(built!.example_chars.most).toBe(Math.max(...examples.map(charsOf)));
      expect(examples.every(({ meta }) => meta.length === "short")).toBe(true);
    },
  );

  it("a document shorter than the mix allows is taken whole", async () => {
    const { examples, manifest } = await fitted("continuation", 65_536);
    expect(manifest.totals.dropped).toBe(0);
    expect(examples).toHaveLength(30);
    const longest = Math.max(...documents.map((text) => text.length));
    expect(manifest.datasets[0]!.built!.document_chars.most).toBeLessThanOrEqual(longest);
  });
});

test("documents too short for target_tokens are told with both sizes", async () => {
  const { manifest, warnings, ledger } = await build("continuation", { target_tokens: [90_000, 90_000] });
  expect(manifest.datasets[0]!.reasons).toEqual({ no_example: 30 });
  expect(ledger[0]!.detail).toMatch(
    /^no continuation of about 90,000 tokens \(target_tokens \[90000, 90000\]\) can be made: the document has about [\d,]+ tokens\./,
  );
  expect(warnings).toContainEqual(
    expect.stringContaining("examples of up to 90000 tokens do not fit into mix.max_seq_tokens = 4096"),
  );
});
