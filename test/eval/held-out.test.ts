import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Example } from "../../src/contracts/example.ts";
import { chooseExamples, hashPosition, heldOutTexts } from "../../src/eval/held-out.ts";
import { exampleOf, readingOf, writeDataFolder } from "../mixing/data-folder.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "zebratune-held-out-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const held = { split: "test" } as const;
const asDocument = (content: string, document: string): Example => ({
  ...exampleOf({ ...held, document, messages: [{ role: "assistant", content }] }),
  task: "other",
});

it("a held-out document is its longest passage; what is in other splits is not held out", async () => {
  await writeDataFolder(dir, [
    readingOf("short", { ...held, document: "one" }),
    readingOf("the longest passage", { ...held, document: "one" }),
    readingOf("a passage", { ...held, document: "one" }),
    asDocument("the whole of it, word by word", "two"),
    readingOf("a part", { ...held, document: "two" }),
    readingOf("trained on", { document: "three" }),
    exampleOf({ ...held, document: "four" }), // a question with no document in it
  ]);
  const texts = await heldOutTexts({ dataDir: dir }, 10);
  expect(Object.fromEntries(texts.map(({ id, text }) => [id, text]))).toEqual({
    "notes/one": "the longest passage",
    "notes/two": "the whole of it, word by word",
  });
});

it("only the datasets that are named are asked about", async () => {
  const one = readingOf("the passage of one", { ...held, document: "one" });
  const two = readingOf("the passage of two", { ...held, document: "two", dataset: "others" });
  await writeDataFolder(dir, [one, two]);
  const textsIn = async (datasets?: string[]) =>
    (await heldOutTexts({ dataDir: dir, datasets }, 10)).map(({ text }) => text).sort();
  expect(await textsIn()).toEqual(["the passage of one", "the passage of two"]);
  expect(await textsIn(["others"])).toEqual(["the passage of two"]);
  await expect(textsIn(["notes", "none"])).rejects.toThrow(
    'expected one of the datasets notes, others, got "none"',
  );
});

it("evidence that was cut out of the context belongs to the document", async () => {
  const whole = "Before it. The evidence. After it.";
  const example = readingOf(whole, { ...held, document: "one" });
  const { message, start } = example.context![0]!;
  const span = (from: string, to: string) => ({
    message,
    start: start + whole.indexOf(from),
    end: start + whole.indexOf(to) + to.length,
  });
  const parted = {
    ...example,
    context: [span("Before", "it."), span("After", "After it.")],
    meta: { evidence: [span("The", "evidence.")] },
  };
  const last = {
    ...parted,
    context: [span("Before", "it.")],
    meta: { evidence: [span("The", "After it.")] },
  };
  for (const [name, one] of Object.entries({ parted, last })) {
    await writeDataFolder(join(dir, name), [one]);
    expect((await heldOutTexts({ dataDir: join(dir, name) }, 10)).map(({ text }) => text)).toEqual([whole]);
  }
});

it("of more documents than are asked for come the first by the hash of their names", async () => {
  // More than are kept at a time, each with a longer passage that comes later.
  const names = Array.from({ length: 90 }, (_, i) => `d${i}`);
  await writeDataFolder(dir, [
    ...names.map((document) => readingOf("short", { ...held, document })),
    ...names.map((document) => readingOf(`long ${document}`, { ...held, document })),
  ]);
  const expected = names
    .map((name) => ({ id: `notes/${name}`, text: `long ${name}` }))
    .sort((a, b) => (hashPosition(a.id) < hashPosition(b.id) ? -1 : 1))
    .slice(0, 5);
  expect(await heldOutTexts({ dataDir: dir }, 5)).toEqual(expected);
});

it("as many examples of each length come, by the hash of their ids; those refused are counted", async () => {
  const examples = Array.from({ length: 120 }, (_, i): Example => {
    return { ...exampleOf(held), meta: { length: i % 4 === 0 ? "long" : "short" } };
  });
  await writeDataFolder(dir, examples);
  const refused = new Set(examples.slice(0, 7).map(({ id }) => id));
  const { examples: chosen, skipped } = await chooseExamples({ dataDir: dir }, "qa", 6, ({ id }) =>
    refused.has(id) ? "too_long" : undefined,
  );
  expect(skipped).toEqual({ too_long: 7 });
  const first = (length: string) =>
    examples
      .filter(({ id, meta }) => meta.length === length && !refused.has(id))
      .map(({ id }) => id)
      .sort((a, b) => (hashPosition(a) < hashPosition(b) ? -1 : 1))
      .slice(0, 3);
  const [long, short] = [first("long"), first("short")];
  expect(chosen.map(({ id }) => id)).toEqual([0, 1, 2].flatMap((i) => [long[i], short[i]]));
  expect((await chooseExamples({ dataDir: dir }, "summarization", 6, () => undefined)).examples).toEqual([]);
});
