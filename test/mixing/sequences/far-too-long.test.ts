import { describe, expect, it } from "vitest";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { withinReach } from "../../../src/mixing/sequences/far-too-long.ts";
import { exampleOf, mixSpec } from "../data-folder.ts";

/** With 10 tokens, at most 640 characters are tokenized. */
const spec: MixSpec = { ...mixSpec, max_seq_tokens: 10 };
const sized = (chars: number) => {
  const document = "d".repeat(chars - 7);
  return exampleOf({
    messages: [
      { role: "user", content: `${document}Why?` },
      { role: "assistant", content: "So." },
    ],
    context: [{ message: 0, start: 0, end: document.length }],
  });
};
const charsOf = (example: { messages: { content: string }[] } | null) =>
  example?.messages.reduce((n, { content }) => n + content.length, 0);

describe("a text of more than 64 characters a token", () => {
  it("is tokenized as it is up to that", () => {
    const example = sized(640);
    expect(withinReach(example, spec)).toEqual({ example, detail: null });
  });

  it("loses from its context what is past it, before it is tokenized", () => {
    const { example, detail } = withinReach(sized(900), spec);
    expect(detail).toBe("900 characters, at most 10 tokens");
    expect(charsOf(example)).toBe(640);
    expect(example!.messages[0]!.content).toMatch(/^d+\n\[…\]\nd+Why\?$/);
  });

  it("is dropped by every other policy, or where there is no context that could give way", () => {
    const detail = "641 characters, at most 10 tokens";
    for (const over_length of ["drop", "split", "error"] as const)
      expect(withinReach(sized(641), { ...spec, over_length })).toEqual({ example: null, detail });
    const { context: _, ...bare } = sized(641);
    expect(withinReach(bare, spec)).toEqual({ example: null, detail });
  });

  it("as plain text counts what is trained alone, and may be split however long it is", () => {
    const text: MixSpec = { ...spec, render: "text" };
    const example = sized(5000);
    expect(withinReach(example, { ...text, over_length: "drop" })).toEqual({ example, detail: null });
    const answer = (chars: number) =>
      exampleOf({ messages: [{ role: "assistant", content: "a".repeat(chars) }] });
    expect(withinReach(answer(641), { ...text, over_length: "drop" }).example).toBeNull();
    const long = answer(9000);
    expect(withinReach(long, { ...text, over_length: "split" })).toEqual({ example: long, detail: null });
  });
});
