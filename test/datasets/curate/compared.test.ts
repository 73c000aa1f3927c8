import { describe, expect, it } from "vitest";
import { comparedParts } from "../../../src/datasets/curate/compared.ts";
import { exampleOf } from "./examples.ts";

const text = (letter: string, length: number) => letter.repeat(length);

describe("what two examples must both have alike", () => {
  it("with a marked document: the document, the rest of the prompts, the answers", () => {
    const example = exampleOf("a", "Who?", "Ahab.", { document: "The whale." });
    expect(comparedParts(example)).toEqual(["The whale.", "\n\n\nWho?", "Ahab."]);
  });

  it("without one: prompts apart from answers, where they have 400 characters and three times those", () => {
    const apart = (prompt: number, answer: number) => {
      const [q, a] = [text("q", prompt), text("a", answer)];
      const parts = comparedParts(exampleOf("a", q, a));
      if (parts.length === 1) expect(parts).toEqual([`${q}\n${a}`]);
      else expect(parts).toEqual([q, a]);
      return parts.length === 2;
    };
    expect([apart(400, 100), apart(399, 100)]).toEqual([true, false]);
    expect([apart(900, 299), apart(900, 300), apart(900, 600)]).toEqual([true, false, false]);
  });

  it("a prompt that nothing answers is a whole", () => {
    expect(comparedParts(exampleOf("a", text("q", 900), ""))).toEqual([`${text("q", 900)}\n`]);
  });
});
