import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNgrams } from "../../../../src/datasets/curate/contamination/ngrams.ts";
import { createCovered } from "../../../../src/datasets/curate/contamination/passage-overlap.ts";
import { curated, droppedOf, exampleOf, wordsOf } from "../examples.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-decontaminate-"));
});
afterAll(() => rm(root, { recursive: true }));

const spec = { ngram_words: 13, splits: ["test" as const], files: [] as string[], max_documents: 10 };

describe("an index of runs of words", () => {
  const words = wordsOf("w", 40);

  it("finds a run wherever it stands, whatever case and punctuation, and says where", () => {
    const index = createNgrams(13, 10);
    index.add(words.join(" "), "item", "item");
    expect(index.size).toBe(28);
    const text = `Before. ${words.slice(5, 18).join(", ").toUpperCase()} after`;
    const match = index.find(text)!;
    expect(match.item).toBe("item");
    expect(match.run).toBe(words.slice(5, 18).join(", ").toUpperCase());
    expect(index.find(words.slice(5, 17).join(" "))).toBeNull();
    expect(index.find(words.toReversed().join(" "))).toBeNull();
  });

  it("takes a short item as a whole, but not one of seven words", () => {
    const index = createNgrams(13, 10);
    index.add(words.slice(0, 8).join(" "), "eight", "eight");
    index.add(words.slice(20, 27).join(" "), "seven", "seven");
    expect(index.find(`x ${words.slice(0, 8).join(" ")} y`)?.item).toBe("eight");
    expect(index.find(words.slice(20, 27).join(" "))).toBeNull();
  });

  it("ignores what more groups have than allowed, counting items of one group once", () => {
    const index = createNgrams(13, 2);
    const add = (item: string, group: string) => index.add(words.join(" "), item, group);
    for (const [item, group] of [
      ["a", "x"],
      ["b", "x"],
      ["c", "y"],
    ] as const)
      add(item, group);
    expect(index.find(words.join(" "))?.item).toBe("a");
    add("d", "z");
    expect(index.find(words.join(" "))).toBeNull();
  });
});

it("files: every text of every row counts, and a text file; the matched words are kept", async () => {
  const [question, nested, prose] = [wordsOf("q", 15), wordsOf("n", 15), wordsOf("p", 30)];
  await writeFile(
    join(root, "bench.jsonl"),
    `${JSON.stringify({ question: question.join(" ") })}\n${JSON.stringify({ a: [{ b: nested.join(" ") }] })}\n`,
  );
  await writeFile(join(root, "bench.txt"), prose.join("\n"));
  const examples = [
    exampleOf("a", `Tell me: ${question.join(" ")}`, "Yes."),
    exampleOf("b", "Tell me.", nested.join(" ")),
    exampleOf("c", "Tell me.", prose.slice(10, 25).join(" ")),
    exampleOf("d", "Tell me.", wordsOf("x", 40).join(" ")),
    exampleOf("e", question.join(" "), "Held out itself.", { split: "test" }),
    exampleOf("f", question.join(" "), "Held out, but no benchmark.", { split: "validation" }),
  ];
  const files = [join(root, "bench.jsonl"), join(root, "bench.txt")];
  const out = await droppedOf(examples, { decontaminate: { ...spec, files } });
  expect(Object.keys(out)).toEqual(["a", "b", "c", "f"]);
  expect(out.a).toBe(`contaminated: as in bench.jsonl:1: ${question.slice(0, 13).join(" ")}`);
  expect(out.c).toBe(`contaminated: as in bench.txt: ${prose.slice(10, 23).join(" ")}`);
  await expect(droppedOf([], { decontaminate: { ...spec, files: [join(root, "no.txt")] } })).rejects.toThrow(
    /no\.txt: expected a file or folder, got nothing there/,
  );
});

describe("a share of a benchmark text's words", () => {
  const words = wordsOf("s", 40);
  const text = words.join(" ");

  it("counts the words in runs that both have, each once, over all texts of an example", () => {
    const index = createCovered(8, 10, 0.5);
    index.add(text, "item", "item");
    const half = words.slice(10, 30).join(" ");
    expect(index.find([`Before: ${half.toUpperCase()}. After`])).toEqual({
      item: "item",
      share: 0.5,
      passage: half.toUpperCase(),
    });
    // Said twice it is no more of the text; in two messages it is.
    const less = words.slice(10, 29).join(" ");
    expect(index.find([less, less])).toBeNull();
    const parts = [words.slice(0, 12).join(" "), `x ${words.slice(20, 40).join(" ")}`];
    expect(index.find(parts)).toEqual({ item: "item", share: 0.8, passage: words.slice(20).join(" ") });
    // Runs of seven words are none.
    expect(index.find(words.map((word, i) => (i % 8 === 7 ? "x" : word)))).toBeNull();
    expect(index.find([words.map((word, i) => (i % 8 === 7 ? "x" : word)).join(" ")])).toBeNull();
  });

  it("names the text of which there is most, takes a short one as a whole, and no template", () => {
    const index = createCovered(8, 2, 0.5);
    index.add(text, "long", "long");
    index.add(words.slice(0, 10).join(" "), "short", "short");
    expect(index.find([words.slice(0, 22).join(" ")])).toMatchObject({ item: "short", share: 1 });
    expect(index.find([text])).toMatchObject({ share: 1 });
    for (const name of ["a", "b", "c"]) index.add(wordsOf("t", 9).join(" "), name, name);
    expect(index.find([wordsOf("t", 9).join(" ")])).toBeNull();
  });

  it("counts groups, not items: three items of one document and one of another are no template", () => {
    const index = createCovered(8, 2, 0.5);
    for (const item of ["a", "b", "c"]) index.add(text, item, "one");
    index.add(text, "d", "two");
    expect(index.find([text])).toMatchObject({ item: "a", share: 1 });
    index.add(text, "e", "three");
    expect(index.find([text])).toBeNull();
  });

  it("keeps what shares a formula, and the ledger has share and words of what goes", async () => {
    const formula = wordsOf("f", 13).join(" ");
    const speech = [...wordsOf("p", 40), formula, ...wordsOf("r", 40)].join(" ");
    await writeFile(join(root, "speech.jsonl"), `${JSON.stringify({ speech })}\n{"broken\n\n`);
    const examples = [
      exampleOf("formula", `Go on: ${wordsOf("g", 50).join(" ")} ${formula}`, "Yes."),
      exampleOf("copy", wordsOf("p", 40).join(" "), `${formula} ${wordsOf("r", 40).join(" ")}`),
    ];
    const plain = { ...spec, files: [join(root, "speech.jsonl")] };
    expect(Object.keys(await droppedOf(examples, { decontaminate: plain }))).toEqual(["formula", "copy"]);
    const decontaminate = { ...plain, ngram_words: 8, match_threshold: 0.5 };
    const out = await droppedOf(examples, { decontaminate });
    expect(Object.keys(out)).toEqual(["copy"]);
    expect(out.copy).toMatch(new RegExp(`^contaminated: 100 % of speech\\.jsonl:1: ${formula.slice(0, 20)}`));
    // Its texts were not looked for, and nobody heard of it.
    const warnings: string[] = [];
    await curated(examples, { decontaminate }, (message) => warnings.push(message));
    expect(warnings).toEqual([
      "decontaminate: expected rows, got 1 that cannot be read and are not looked for (first: speech.jsonl:2: " +
        "json_syntax). Repair the file, or leave the rows out",
    ]);
  });
});
