import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Example } from "../../../src/contracts/example.ts";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { ellipsis, fitContext } from "../../../src/mixing/sequences/over-length.ts";
import { sequencesOf } from "../../../src/mixing/sequences/sequences.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { exampleOf, mixSpec, readingOf } from "../data-folder.ts";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(nanoDir);
});

const sequences = (examples: Example[], spec: Partial<MixSpec>) =>
  sequencesOf(tokenizer, examples, { ...mixSpec, ...spec });

describe("an example that is too long", () => {
  const long = () => readingOf("The ship went south, and no whale was seen. ".repeat(60));
  const short = exampleOf();

  it("shorten_context: loses the middle of its document, and the ledger says how much", async () => {
    const example = long();
    const { sequences: made, ledger } = await sequences([example, short], { over_length: "shorten_context" });
    expect(made.map(({ example }) => example.id)).toEqual([example.id, short.id]);
    const [{ ids }] = made as [(typeof made)[0]];
    expect(ids.length).toBeLessThanOrEqual(256);
    expect(ids.length).toBeGreaterThan(245);
    expect(ledger[0]).toMatchObject({ fate: "shortened", reason: "context", tokens_after: ids.length });
    expect(ledger[0]!.tokens_before).toBeGreaterThan(600);
    expect(ledger[1]).toMatchObject({ fate: "kept", reason: "", stage: "mix" });
    expect(ledger[1]!.tokens_before).toBe(ledger[1]!.tokens_after);
  });

  it("shorten_context: is dropped when the rest alone is too long", async () => {
    const question = "Why? ".repeat(400);
    const messages = [
      { role: "user" as const, content: `${question}doc` },
      { role: "assistant" as const, content: "So." },
    ];
    const context = [{ message: 0, start: question.length, end: question.length + 3 }];
    const { sequences: made, ledger } = await sequences(
      [exampleOf({ messages, context }), exampleOf({ messages })],
      {},
    );
    expect(made).toEqual([]);
    for (const row of ledger)
      expect(row).toMatchObject({ fate: "dropped", reason: "over_length", tokens_after: 0 });
  });

  it("drop: is dropped whole", async () => {
    const { sequences: made, ledger } = await sequences([long(), short], { over_length: "drop" });
    expect(made.map(({ example }) => example.id)).toEqual([short.id]);
    expect(ledger.map(({ fate, reason }) => [fate, reason])).toEqual([
      ["dropped", "over_length"],
      ["kept", ""],
    ]);
  });

  it("error: stops and names it", async () => {
    const example = long();
    await expect(sequences([example], { over_length: "error" })).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining(
        `example ${example.id}: expected at most mix.max_seq_tokens = 256 tokens`,
      ),
    });
  });

  it("shorten_context: a plain document has no prompt and becomes pieces; all of it was dropped", async () => {
    const messages = [{ role: "assistant" as const, content: "Call me Ishmael. ".repeat(200) }];
    const [long, far] = [exampleOf({ messages }), exampleOf({ messages })];
    far.messages[0]!.content = "Some years ago. ".repeat(2000);
    const made = await sequences([long, far], { render: "text" });
    for (const [i, { id }] of [long, far].entries()) {
      const parts = made.sequences.filter(({ example }) => example.id === id);
      expect(parts.length).toBeGreaterThan(2);
      expect(made.ledger[i]).toMatchObject({ fate: "changed", reason: "split" });
    }
  });

  it("split: a plain document becomes consecutive pieces; a chat cannot", async () => {
    const messages = [
      { role: "assistant" as const, content: "Call me Ishmael, some years ago. ".repeat(80) },
    ];
    const { sequences: made, ledger } = await sequences([exampleOf({ messages })], {
      over_length: "split",
      render: "text",
    });
    const all = made.flatMap(({ ids }) => [...ids]);
    expect(all.at(-1)).toBe(2);
    expect(await tokenizer.decode(all.slice(0, -1))).toBe(messages[0]!.content);
    expect(made.slice(0, -1).every(({ ids }) => ids.length === 256)).toBe(true);
    expect(ledger[0]).toMatchObject({ fate: "changed", reason: "split", tokens_after: all.length });
    const chat = await sequences([long()], { over_length: "split" });
    expect(chat.sequences).toEqual([]);
    expect(chat.ledger[0]!.detail).toContain("only render: text can be split");
  });
});

describe("an example that gives nothing to learn", () => {
  it("is dropped with its reason, and the others stay", async () => {
    const untrained = exampleOf({
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b", train: false },
      ],
    });
    const backwards = exampleOf({ messages: [{ role: "assistant", content: "b" }] });
    const asked = exampleOf({
      messages: [{ role: "user", content: "a" }, ...backwards.messages, ...backwards.messages],
    });
    const good = exampleOf();
    const { sequences: made, ledger } = await sequences([untrained, backwards, asked, good], {});
    expect(made.map(({ example }) => example.id)).toEqual([good.id]);
    expect(ledger.map(({ fate, reason }) => [fate, reason])).toEqual([
      ["dropped", "no_supervised_token"],
      ["dropped", "no_question"],
      ["dropped", "chat_template"],
      ["kept", ""],
    ]);
    // The template was blamed, which had said what it takes.
    expect(ledger[1]!.detail).toContain("write `render: text` under the dataset, or `build`");
    expect(ledger[2]!.detail).toContain("expected roles user, assistant, user");
    expect(ledger[1]!.tokens_before).toBeNull();
  });
});

describe("shortening to a number of tokens", () => {
  const word = fc.constantFrom("whale ", "the ", "1851 ", "\n\n", "🦓", "—", "Queequeg, ", "            ");
  const documents = fc.array(word, { minLength: 60, maxLength: 500 }).map((words) => words.join(""));

  it("any document: instruction, question and answer whole, at most the limit, and near it", async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.integer({ min: 60, max: 200 }), async (document, max) => {
        const { sequences: made, ledger } = await sequences([readingOf(document)], { max_seq_tokens: max });
        const [{ ids }] = made as [(typeof made)[0]];
        expect(ids.length).toBeLessThanOrEqual(max);
        const text = await tokenizer.decode(ids);
        expect(text.startsWith("<s>[INST] Read this.\n\n")).toBe(true);
        expect(text.endsWith("\n\nWho is it about? [/INST] About the old captain.</s>")).toBe(true);
        if (ledger[0]!.fate === "kept") return;
        const kept = text.slice(
          "<s>[INST] Read this.\n\n".length,
          text.indexOf("\n\nWho is it about? [/INST]"),
        );
        const at = kept.indexOf(ellipsis);
        expect(at).toBeGreaterThan(0);
        expect(document.startsWith(kept.slice(0, at))).toBe(true);
        expect(document.endsWith(kept.slice(at + ellipsis.length))).toBe(true);
        expect(ids.length).toBeGreaterThan(max - 20);
      }),
      { numRuns: 40 },
    );
  });

  it("a document whose middle is dense loses no more than it must", async () => {
    const document = `${"a quiet sea, ".repeat(150)}${"🦓".repeat(300)}${" a quiet sea,".repeat(150)}`;
    const example = readingOf(document);
    const calls: number[] = [];
    const measure = async (one: Example) => {
      const [rendered] = (await sequences([one], { max_seq_tokens: 1e6 })).sequences;
      calls.push(rendered!.ids.length);
      return rendered!.ids.length;
    };
    const tokens = await measure(example);
    const fitted = await fitContext(example, tokens, tokens - 200, measure);
    expect(await measure(fitted!)).toBe(calls.at(-2)); // the result is what was measured last
    expect(calls.at(-1)).toBeLessThanOrEqual(tokens - 200);
    expect(calls.at(-1)).toBeGreaterThan((tokens - 200) * 0.97);
    expect(calls.length).toBeLessThan(12);
  });

  it("several documents: the longest gives first, and what fits is not touched", async () => {
    const long = readingOf("x ".repeat(300));
    const [head, tail] = ["\n\nSecond: ", "y ".repeat(40)];
    const start = long.messages[0]!.content.length + head.length;
    const two: Example = {
      ...long,
      messages: [{ role: "user", content: long.messages[0]!.content + head + tail }, long.messages[1]!],
      context: [...long.context!, { message: 0, start, end: start + tail.length }],
    };
    const [{ ids }] = (await sequences([two], {})).sequences as [
      Awaited<ReturnType<typeof sequences>>["sequences"][0],
    ];
    const text = await tokenizer.decode(ids);
    expect(text).toContain(`Second: ${tail.trimEnd()}`);
    expect(text.split(ellipsis)).toHaveLength(2);
    expect(await fitContext(two, 100, 100, async () => 0)).toBe(two);
  });
});
