import { describe, expect, it } from "vitest";
import type { Truncate } from "../../../src/contracts/recipe/eval.ts";
import { itemsOf } from "../../../src/eval/asking/items-of.ts";
import { promptOf } from "../../../src/eval/asking/prompt.ts";
import { packagePath } from "../../../src/package-root.ts";
import { beginTexts } from "../../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

/** A document of 60 characters of four bytes each, or of words, with the question behind it. */
const documents = {
  words: Array.from({ length: 60 }, (_, i) => `w${i}`).join(" "),
  unicode: "😀🦓".repeat(30),
};

function example(document: string) {
  const messages = [{ role: "user" as const, content: `Read: ${document}\nWhat is said?` }];
  return { id: "d/1", messages, context: [{ message: 0, start: 6, end: 6 + document.length }] };
}

/** Text alone, so that the whole prompt can be compared. */
const render = async ({ messages }: { messages: { content: string }[] }) =>
  (await beginTexts(tokenizer, [messages[0]!.content]))[0]!;
const prompt = (document: string, maxSeqTokens: number, truncate: Truncate) =>
  promptOf({ tokenizer, heldOut: { dataDir: "" }, maxSeqTokens, truncate }, example(document), 5, render);

describe.each(["words", "unicode"] as const)("%s", (kind) => {
  const document = documents[kind];
  const whole = render(example(document));

  it.each(["middle", "start", "end", "skip", "error"] as const)(
    "%s: what fits exactly is whole",
    async (how) => {
      const { length } = await whole;
      expect(await prompt(document, length + 5, how)).toMatchObject({ isShortened: false, tokensCut: 0 });
      expect((await prompt(document, length + 5, how)).ids).toEqual(await whole);
    },
  );

  it.each([1, 30])("%i over: the named part of the document goes, and nothing else", async (over) => {
    const { length } = await whole;
    for (const how of ["middle", "start", "end"] as const) {
      const { ids, messages, tokensCut, isShortened } = await prompt(document, length + 5 - over, how);
      expect(isShortened).toBe(true);
      expect(ids.length).toBeLessThanOrEqual(length - over);
      expect(tokensCut).toBe(length - ids.length);
      const { content } = messages[0]!;
      const [head, tail] = content.slice(6, -"\nWhat is said?".length).split("\n[…]\n");
      expect(content.startsWith("Read: ") && content.endsWith("\nWhat is said?")).toBe(true);
      expect(content.isWellFormed()).toBe(true);
      expect(document.startsWith(head!) && document.endsWith(tail!)).toBe(true);
      expect([head === "", tail === ""]).toEqual([how === "start", how === "end"]);
      if (how === "middle") expect(Math.abs(head!.length - tail!.length)).toBeLessThanOrEqual(3);
    }
  });

  it("skip and error: a row that is too long is left out and counted, or ends it before it begins", async () => {
    const { length } = await whole;
    const rows = [{ id: "long" }, { id: "short" }];
    const make = (how: Truncate) =>
      itemsOf(rows, how, async ({ id }) => {
        const { ids } = await prompt(id === "long" ? document : "x", length + 4, how);
        return { isShortened: false, inputHash: String(ids.length), ask: () => Promise.reject(new Error()) };
      });
    const { items, skipped } = await make("skip");
    expect(items.map(({ id }) => id)).toEqual(["short"]);
    expect(skipped).toEqual({ "too long (eval.truncate: skip)": 1 });
    await expect(make("error")).rejects.toThrow(
      `eval.truncate: error: d/1: expected a prompt of at most ${length - 1} tokens, got ${length}, the ` +
        "longest of 1 of 2 that are too long. Raise eval.max_seq_tokens",
    );
  });

  it("far over: what cannot be cut fails, and says what would help", async () => {
    await expect(prompt(document, 8, "start")).rejects.toThrow("Set a larger eval.max_seq_tokens");
  });
});
