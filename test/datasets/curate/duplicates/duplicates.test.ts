import { describe, expect, it, test } from "vitest";
import { defaultsOf } from "../../../../src/ajv.ts";
import { nearDuplicatesSchema } from "../../../../src/contracts/recipe/curate.ts";
import type { NearDuplicatesSpec } from "../../../../src/contracts/recipe.ts";
import { droppedOf, exampleOf, wordsOf } from "../examples.ts";

const near = defaultsOf(nearDuplicatesSchema);

const text = (seed: string, count: number) => wordsOf(seed, count).join(" ");

test("exact copies but for case, white space and composition go, the first stays", async () => {
  const examples = [
    exampleOf("a", "Who came  to the café?", "Nobody."),
    exampleOf("b", "who came to\nthe cafe\u0301? ", "nobody."),
    exampleOf("c", "Who came to the café?", "Nobody!"),
    exampleOf("d", "Who came to the café? Nobody.", ""),
    exampleOf("e", "Who came to the café?", "Nobody."),
  ];
  expect(await droppedOf(examples, { exact_duplicates: true })).toEqual({
    b: "exact_duplicate: the same text as a",
    e: "exact_duplicate: the same text as a",
  });
  expect(await droppedOf(examples, {})).toEqual({});
});

describe("near copies", () => {
  const words = wordsOf("w", 300);
  const edited = (...at: number[]) => words.map((word, i) => (at.includes(i) ? "changed" : word)).join(" ");

  it("go, with the id and similarity of the one that stays", async () => {
    const examples = [
      exampleOf("a", "Tell me a story.", edited()),
      exampleOf("b", "Tell me a story.", edited(10, 100)),
      exampleOf("c", "Tell me a story.", text("other", 300)),
    ];
    const out = await droppedOf(examples, { near_duplicates: near });
    expect(Object.keys(out)).toEqual(["b"]);
    expect(out.b).toMatch(/^near_duplicate: a near copy of a \(similarity 0\.9\d\)$/);
  });

  // marin#6854: short shingles and transitive closure removed 97 % of a book corpus.
  it("are no chains: each of a row of neighbours is held against what stays, not against what went", async () => {
    const row = Array.from({ length: 12 }, (_, n) => {
      const changed = words.slice(n * 20);
      return exampleOf(`n${n}`, "Go on.", [...changed, ...wordsOf("new", n * 20)].join(" "));
    });
    const out = await droppedOf(row, { near_duplicates: near });
    const stay = row.filter(({ id }) => !(id in out)).map(({ id }) => id);
    expect(stay.length).toBeGreaterThanOrEqual(3);
    for (const [id, why] of Object.entries(out)) expect(stay, id).toContain(/copy of (\w+)/.exec(why)?.[1]);
  });

  it("are no books that have long passages in common, though bands of them meet", async () => {
    const common = text("common", 740);
    const books = Array.from({ length: 60 }, (_, n) =>
      exampleOf(`book${n}`, "", `${text(`b${n}`, 260)} ${common}`),
    );
    expect(await droppedOf(books, { near_duplicates: near })).toEqual({}); // all pairs are 0.58 alike
    const loose = Object.keys(
      await droppedOf(books, { near_duplicates: { ...near, jaccard_threshold: 0.3 } }),
    );
    expect(loose.length).toBeGreaterThan(20);
  });
});

describe("questions on one document", () => {
  const document = text("document", 2000);
  const copy = document.replace("document5", "Document 5 ");
  const examples = [
    exampleOf("a", "What does the captain of the ship say about the whale in the end?", "That it is white.", {
      document,
    }),
    exampleOf("b", "Where was the mate born, and to whom, as the second chapter has it?", "In Nantucket.", {
      document,
    }),
    exampleOf("c", "What does the captain of the ship say about the whale in the end?", "That it is white.", {
      document: copy,
    }),
    exampleOf("d", "What does the captain of the ship say about the whale in the end?", "That it is white.", {
      document: text("another", 2000),
    }),
  ];

  it("stay, and one question on two documents; the same question on a copy of the document goes", async () => {
    expect(Object.keys(await droppedOf(examples, { near_duplicates: near }))).toEqual(["c"]);
  });

  it("stay where no span marks the document, too", async () => {
    const unmarked = examples.slice(0, 2).map(({ context: _, ...rest }) => rest);
    expect(await droppedOf(unmarked, { near_duplicates: near })).toEqual({});
  });

  it("text: document takes out all on a near copy of another document, and none on the same one", async () => {
    const all = [...examples, exampleOf("e", "Another question?", "Yes.", { document: copy })];
    expect(await droppedOf(all, { near_duplicates: { ...near, text: "document" } })).toEqual({
      c: expect.stringMatching(/^near_duplicate: a near copy of a /),
      e: expect.stringMatching(/^near_duplicate: a near copy of a /),
    });
  });
});

test("NeMo Curator's settings find an edited text, too", async () => {
  const spec: NearDuplicatesSpec = {
    ...near,
    shingle: "chars",
    n_grams: 24,
    num_buckets: 20,
    hashes_per_bucket: 13,
  };
  const words = wordsOf("w", 200);
  const examples = [
    exampleOf("a", "", words.join(" ")),
    exampleOf("b", "", words.with(50, "changed").join(" ")),
    exampleOf("c", "", text("x", 200)),
  ];
  expect(Object.keys(await droppedOf(examples, { near_duplicates: spec }))).toEqual(["b"]);
});
