import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNgrams } from "../../../src/datasets/curate/ngrams.ts";
import { droppedOf, exampleOf, wordsOf } from "./examples.ts";

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
    expect(text.slice(match.start, match.end)).toBe(words.slice(5, 18).join(", ").toUpperCase());
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
