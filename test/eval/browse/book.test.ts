import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWanted, type SampleBook, type SampleFilter } from "../../../src/contracts/browse.ts";
import { openBook } from "../../../src/eval/browse/book.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-browse-"));
});
afterAll(() => rm(root, { recursive: true }));

/** As eval/results/samples.ts writes it. */
const line = (id: string, prediction: string, f1: number, more: object = {}) =>
  `${JSON.stringify({
    ...{ id, shortened: false, inputHash: "", prompt: { text: `Who wrote ${id}?\nA long prompt` } },
    ...{ promptTail: `Who wrote ${id}?`, target: "Melville", prediction, tokens: 2000 },
    scores: [
      { slice: "", metric: "exact_match", sum: 0, weight: 1 },
      { slice: "", metric: "f1", sum: f1, weight: 1 },
      { slice: "long", metric: "f1", sum: f1, weight: 1 },
    ],
    ...more,
  })}\n`;

async function runFolder(name: string, logs: Record<string, string>): Promise<string> {
  const dir = join(root, name);
  for (const [model, text] of Object.entries(logs)) {
    await mkdir(join(dir, "eval/samples", model), { recursive: true });
    await writeFile(join(dir, "eval/samples", model, "long-qa.jsonl"), `{"key":"k"}\n${text}`);
  }
  return dir;
}

const ids = ({ items }: SampleBook, filter: SampleFilter) =>
  items
    .filter((item) => isWanted(item, { filter, benchmark: null, length: null, found: null }))
    .map(({ id }) => id);

describe("a run's samples", () => {
  it("are beside each other by id, with the benchmark's headline, and told apart by filters", async () => {
    const failed = `${JSON.stringify({ id: "c", shortened: true, inputHash: "", error: "out of memory" })}\n`;
    const dir = await runFolder("two", {
      before: line("a", "Melville", 1) + line("b", "Poe", 0) + line("c", "Poe", 0.25),
      // In another order, as a log that was continued has it.
      tuned: failed + line("b", "Melville", 1, { shortened: true }) + line("a", "Melville", 1),
    });
    const book = await openBook(dir);
    expect(book.models).toEqual(["before", "tuned"]);
    expect(ids(book, "all")).toEqual(["a", "b", "c"]);
    expect(ids(book, "wrong")).toEqual(["b", "c"]);
    expect(ids(book, "changed")).toEqual(["b", "c"]);
    expect(ids(book, "better")).toEqual(["b"]);
    expect(ids(book, "worse")).toEqual([]);
    expect(ids(book, "cut")).toEqual(["b", "c"]);
    expect(ids(book, "failed")).toEqual(["c"]);
    const [{ byModel }] = book.benchmarks as [(typeof book.benchmarks)[number]];
    expect(byModel[0]).toMatchObject({ done: 3, failed: 0, cut: 0 });
    expect(byModel[0]!.score).toMatchObject({ metric: "f1", value: 1.25 / 3 });
    expect(byModel[1]).toMatchObject({ done: 3, failed: 1, cut: 2 });
    const whole = await book.read(book.items[2]!);
    expect(whole).toMatchObject({ prompt: "Who wrote c?\nA long prompt", gold: "Melville" });
    expect(whole.answers[0]).toMatchObject({ prediction: "Poe", scores: { f1: 0.25 }, tokens: 2000 });
    expect(whole.answers[1]).toMatchObject({ error: "out of memory" });
  });

  it("are listed by length, and found by what stands in them, in either case", async () => {
    const book = await openBook(
      await runFolder("find", {
        m: line("a", 'said "Ahab"', 1, { tokens: 500 }) + line("b", "nothing", 0, { tokens: 5000 }),
      }),
    );
    const found = await book.search('"ahab', () => true);
    expect([...found].map(({ id }) => id)).toEqual(["a"]);
    expect((await book.search("prediction", () => true)).size).toBe(0);
    const ofLength = (length: number) =>
      book.items.filter((item) => isWanted(item, { filter: "all", benchmark: null, length, found: null }));
    expect([0, 1, 2].map((length) => ofLength(length).map(({ id }) => id))).toEqual([["a"], [], ["b"]]);
  });

  it("grow while the evaluation runs; a line that is half written is read when it is whole", async () => {
    const dir = await runFolder("grows", { m: line("a", "x", 0) });
    const path = join(dir, "eval/samples/m/long-qa.jsonl");
    const book = await openBook(dir);
    expect(await book.refresh()).toBe(false);
    const next = line("é", "y", 1);
    await appendFile(path, next.slice(0, 40));
    await book.refresh();
    expect(ids(book, "all")).toEqual(["a"]);
    await appendFile(path, next.slice(40));
    expect(await book.refresh()).toBe(true);
    expect(ids(book, "all")).toEqual(["a", "é"]);
    expect((await book.read(book.items[1]!)).answers[0]!.prediction).toBe("y");
    // Asked again with other settings: what was there is gone.
    await writeFile(`${path}.new`, `{"key":"other"}\n${line("b", "z", 1)}`);
    await rename(`${path}.new`, path);
    await book.refresh();
    expect(ids(book, "all")).toEqual(["b"]);
    expect(book.benchmarks[0]!.byModel[0]!.done).toBe(1);
  });
});

describe("samples of task files", () => {
  const row = (docId: number, filter: string, answer: string, right: number, cut = 0) =>
    `${JSON.stringify({
      ...{ doc_id: docId, filter, doc: {}, doc_hash: `hash${docId}`, target: "4" },
      ...{ arguments: [[`What is ${docId} + 2?`, {}]], resps: [[answer]], filtered_resps: [answer] },
      metrics: { exact_match: right },
      tokens: [[{ prompt: 9, answer: 2, cut, first: [1] }]],
    })}\n`;

  it("are a row each, whatever its filters, with the tokens that were cut", async () => {
    const dir = join(root, "tasks");
    await mkdir(join(dir, "m/samples"), { recursive: true });
    const rows = [
      row(0, "strict", "4", 1),
      row(1, "strict", "5", 0, 7),
      row(0, "loose", "4", 1),
      row(1, "loose", "4", 1, 7),
    ];
    await writeFile(join(dir, "m/samples/gsm%2F8k.jsonl"), rows.join(""));
    const book = await openBook(dir);
    expect(book.benchmarks[0]!.name).toBe("gsm/8k");
    expect(book.items).toHaveLength(2);
    expect(book.benchmarks[0]!.byModel[0]).toMatchObject({ done: 2, cut: 1, score: { value: 0.5 } });
    const whole = await book.read(book.items[1]!);
    expect(whole).toMatchObject({ prompt: "What is 1 + 2?", gold: "4" });
    expect(whole.answers[0]).toMatchObject({
      scores: { "exact_match,strict": 0, "exact_match,loose": 1 },
      tokensCut: 7,
      tokens: 11,
    });
  });

  it("that are running are seen from the first answer on, and move when they are done", async () => {
    const dir = join(root, "running");
    await mkdir(join(dir, "m/running"), { recursive: true });
    const running = join(dir, "m/running/sums.jsonl");
    await writeFile(join(dir, "plan.json"), '{"sums": 5}');
    await writeFile(running, line("0 hash0", "4", 1));
    const book = await openBook(dir);
    expect(book.benchmarks[0]!.byModel[0]).toMatchObject({ done: 1, total: 5 });
    await mkdir(join(dir, "m/samples"));
    await writeFile(join(dir, "m/samples/sums.jsonl"), row(0, "none", "4", 1) + row(1, "none", "5", 0));
    await rm(running);
    await book.refresh();
    expect(book.items.map(({ id }) => id)).toEqual(["0 hash0", "1 hash1"]);
    expect(book.benchmarks[0]!.byModel[0]!.done).toBe(2);
  });
});

it("a folder without samples is told of", async () => {
  await expect(openBook(join(root, "nothing"))).rejects.toThrow(
    "expected samples of an evaluation, got none",
  );
});
