import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { createShortTexts } from "../../../../src/datasets/curate/contamination/short-texts.ts";
import { curated, droppedOf, exampleOf } from "../examples.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-short-"));
});
afterAll(() => rm(root, { recursive: true }));

describe("texts of four to seven words", () => {
  it("are found whole, whatever their case, marks and form, and never inside another text", () => {
    const texts = createShortTexts(10);
    expect(texts.add("Où est né l'élève?", "item", "item")).toBe(true);
    expect(texts.find("où est né l’élève".normalize("NFD"))).toBe("item");
    expect(texts.find("Dis-moi où est né l'élève?")).toBeNull();
    expect(texts.add("Two words", "other", "other")).toBe(false);
    expect(texts.add("one two three four five six seven eight", "other", "other")).toBe(false);
  });

  it("are a template's where more groups have them than allowed", () => {
    const texts = createShortTexts(2);
    for (const group of ["a", "b", "b"]) texts.add("Sum up this text please.", group, group);
    expect(texts.find("Sum up this text please.")).toBe("a");
    texts.add("Sum up this text please.", "c", "c");
    expect(texts.find("Sum up this text please.")).toBeNull();
  });
});

const decontaminate = { ngram_words: 13, splits: [], max_documents: 10 };

test("a short benchmark question drops the example that asks it, and what is not looked for is told", async () => {
  const path = join(root, "bench.jsonl");
  const rows = [
    { question: "What is the capital of Zembla?", answer: "Onhava" },
    { question: "2 + 2?", answer: "4" },
    { question: "How many legs do two spiders and three beetles have taken together?", answer: "34" },
  ];
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const examples = [
    exampleOf("same", "What is the capital of Zembla?", "Onhava."),
    exampleOf("inside", "Tell me: what is the capital of Zembla? And of Poland?", "Onhava, Warsaw."),
    exampleOf("answer", "Name a town of novels.", "Onhava"),
    exampleOf(
      "long",
      "Say: how many legs do two spiders and three beetles have, taken together, at night?",
      "34",
    ),
  ];
  const warnings: string[] = [];
  const spec = { decontaminate: { ...decontaminate, files: [path] } };
  await curated([], spec, (message) => warnings.push(message));
  expect(warnings).toEqual([
    "decontaminate: 1 of 3 of the rows of bench.jsonl have no text of 8 words or more: examples are dropped " +
      "only where the first question is one of theirs (first: bench.jsonl:1)",
    "decontaminate: 1 of 3 of the rows of bench.jsonl are not looked for, as no text of theirs has 4 words " +
      "(first: bench.jsonl:2)",
  ]);
  expect(await droppedOf(examples, spec)).toEqual({
    same: "contaminated: as in bench.jsonl:1: What is the capital of Zembla?",
    long: expect.stringContaining("contaminated: as in bench.jsonl:3: how many legs"),
  });
});

test("a benchmark is found in every form of its characters, near and exact copies as well", async () => {
  const text =
    "Một người nông dân ở Hà Nội mua mười bốn thùng cam, bán chín thùng vào thứ hai và ba thùng vào thứ ba";
  const path = join(root, "forms.txt");
  await writeFile(path, text.normalize("NFC"));
  const forms = [text.normalize("NFC"), text.normalize("NFD"), text.replaceAll("n", "n\u00ad")];
  const examples = forms.map((form, i) => exampleOf(`${i}`, `Đọc: ${form}`, "Hai thùng."));
  const found = await droppedOf(examples, { decontaminate: { ...decontaminate, files: [path] } });
  expect(Object.keys(found)).toEqual(["0", "1", "2"]);
  const copies = await droppedOf(examples, { exact_duplicates: true });
  expect(copies).toEqual({
    "1": "exact_duplicate: the same text as 0",
    "2": "exact_duplicate: the same text as 0",
  });
});
