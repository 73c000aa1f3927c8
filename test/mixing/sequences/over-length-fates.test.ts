import { beforeAll, describe, expect, it } from "vitest";
import type { Example, Message } from "../../../src/contracts/example.ts";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { ellipsis } from "../../../src/mixing/sequences/over-length.ts";
import { sequencesOf } from "../../../src/mixing/sequences/sequences.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { exampleOf, mixSpec, readingOf } from "../data-folder.ts";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(nanoDir);
});

const policies = ["shorten_context", "drop", "split", "error"] as const;
const fill = (words: number) => "The whale swam. ".repeat(words);
const turns = (user: string, assistant: string): Message[] => [
  { role: "user", content: user },
  { role: "assistant", content: assistant },
];

async function one(example: Example, spec: Partial<MixSpec>) {
  const { sequences, ledger } = await sequencesOf(tokenizer, [example], { ...mixSpec, ...spec });
  const texts = await Promise.all(sequences.map(({ ids }) => tokenizer.decode(ids)));
  return { sequences, texts, row: ledger[0]! };
}

async function tokensOf(example: Example): Promise<number> {
  return (await one(example, { max_seq_tokens: 100_000 })).row.tokens_before!;
}

describe("at the limit", () => {
  for (const over_length of policies) {
    it(`${over_length}: an exact fit is kept whole, one token more is not`, async () => {
      const example = readingOf(fill(40));
      const tokens = await tokensOf(example);
      const fits = await one(example, { over_length, max_seq_tokens: tokens });
      expect(fits.row).toMatchObject({ fate: "kept", tokens_before: tokens, tokens_after: tokens });
      expect(fits.texts[0]).toContain(example.messages[0]!.content);
      const over = one(example, { over_length, max_seq_tokens: tokens - 1 });
      if (over_length === "error") {
        await expect(over).rejects.toThrow(
          `at most mix.max_seq_tokens = ${tokens - 1} tokens, got ${tokens}`,
        );
        return;
      }
      const { row, sequences, texts } = await over;
      const isShortened = over_length === "shorten_context";
      expect(row).toMatchObject({
        fate: isShortened ? "shortened" : "dropped",
        reason: isShortened ? "context" : "over_length",
        tokens_before: tokens,
      });
      expect(row.tokens_after).toBe(sequences[0]?.ids.length ?? 0);
      if (isShortened) {
        expect(texts[0]).toContain(ellipsis);
        expect(row.tokens_after).toBeLessThan(tokens);
        expect(row.tokens_after).toBeGreaterThan(tokens * 0.9);
      }
    });
  }
});

describe("what cannot be shortened is dropped whole, never cut", () => {
  const long = fill(100);
  const cases: Record<string, Example> = {
    "no context": exampleOf({ messages: turns(`${long}Who?`, "A whale.") }),
    "an empty list of contexts": exampleOf({ messages: turns(`${long}Who?`, "A whale."), context: [] }),
    "a question longer than the limit": exampleOf({
      messages: turns(`${long}Who?\n\n${fill(20)}`, "A whale."),
      context: [{ message: 0, start: long.length + 6, end: long.length + 6 + fill(20).length }],
    }),
    "an answer longer than the limit": readingOf(fill(20), {}),
    "a context as short as its ellipsis": exampleOf({
      messages: turns(`${long}Who?`, "A whale."),
      context: [{ message: 0, start: 0, end: 2 * ellipsis.length }],
    }),
    "an empty context": exampleOf({
      messages: turns(`${long}Who?`, "A whale."),
      context: [{ message: 0, start: 5, end: 5 }],
    }),
  };
  cases["an answer longer than the limit"]!.messages[1]!.content = long;
  for (const [name, example] of Object.entries(cases)) {
    for (const over_length of ["shorten_context", "drop", "split"] as const) {
      it(`${over_length}: ${name}`, async () => {
        const { row, sequences } = await one(example, { over_length });
        expect(sequences).toEqual([]);
        expect(row).toMatchObject({ fate: "dropped", reason: "over_length", tokens_after: 0 });
        expect(row.tokens_before).toBeGreaterThan(256);
        expect(row.detail).toMatch(/^\d+ tokens, at most 256/);
      });
    }
  }
});

it("several documents over several turns: the longest give first, all else stays to the letter", async () => {
  const documents = [fill(8), `${fill(60)}First end.`, `${fill(90)}Second end.`];
  const asks = ["Read:\n", "\nand\n", "\nWho swam?"];
  const first = `${asks[0]}${documents[0]}${asks[1]}${documents[1]}${asks[2]}`;
  const second = `Now this: ${documents[2]}\nAnd here?`;
  const messages: Message[] = [
    { role: "user", content: first },
    { role: "assistant", content: "The whale did." },
    { role: "user", content: second },
    { role: "assistant", content: "Here, too." },
  ];
  const at = asks[0]!.length + documents[0]!.length + asks[1]!.length;
  const context = [
    { message: 0, start: asks[0]!.length, end: asks[0]!.length + documents[0]!.length },
    { message: 0, start: at, end: at + documents[1]!.length },
    { message: 2, start: 10, end: 10 + documents[2]!.length },
  ];
  const { row, texts } = await one(exampleOf({ messages, context }), {});
  expect(row).toMatchObject({ fate: "shortened", reason: "context" });
  const [text] = texts as [string];
  expect(row.tokens_after).toBeGreaterThan(240);
  expect(row.tokens_after).toBeLessThanOrEqual(256);
  // The short one is whole; of the others beginning and end.
  expect(text).toContain(`${asks[0]}${documents[0]}${asks[1]}The whale swam. `);
  for (const part of [
    "First end.\nWho swam?",
    "The whale did.",
    "Now this: The",
    "Second end.\nAnd here?",
    "Here, too.",
  ])
    expect(text).toContain(part);
  expect(text.split(ellipsis).length).toBe(3);
});

describe("a text too long by far is not given to the tokenizer: 50 MB took 17 GB of memory", () => {
  const huge = "x".repeat(2_000_000);

  it("its context gives way, and the ledger says from how many characters", async () => {
    const { row, texts } = await one(readingOf(`Begin ${huge} end`), {});
    expect(row).toMatchObject({ fate: "shortened", reason: "context", tokens_before: null });
    expect(row.detail).toMatch(/^20000\d\d characters, at most 256 tokens$/);
    expect(row.tokens_after).toBeLessThanOrEqual(256);
    expect(texts[0]!.split(ellipsis).length).toBe(2);
    expect(texts[0]).toContain("Read this.\n\nBegin xx");
    expect(texts[0]).toContain("xx end\n\nWho is it about?");
  });

  for (const over_length of ["shorten_context", "drop", "split"] as const) {
    it(`${over_length}: without a context it is dropped, not tokenized`, async () => {
      const { row, sequences } = await one(exampleOf({ messages: turns(huge, "Yes.") }), { over_length });
      expect(sequences).toEqual([]);
      expect(row).toMatchObject({ fate: "dropped", reason: "over_length", tokens_before: null });
      expect(row.detail).toBe(
        `2000004 characters, at most 256 tokens${over_length === "shorten_context" ? "; nothing in it is marked as context" : ""}`,
      );
    });
  }

  it("error: names it", async () => {
    await expect(one(readingOf(huge), { over_length: "error" })).rejects.toThrow(
      /^example notes\/\d+: expected at most mix.max_seq_tokens = 256 tokens, got 20000\d\d characters/,
    );
  });
});
