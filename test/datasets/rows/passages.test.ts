import { describe, expect, it, test } from "vitest";
import { passageId } from "../../../src/datasets/rows/document-id.ts";
import { passagesOf } from "../../../src/datasets/rows/passages.ts";

const sentences = (seed: string, count: number) =>
  Array.from({ length: count }, (_, i) => `On day ${i} the ${seed} saw ${i * 7} ships pass the old harbour.`);
const paragraph = sentences("keeper", 12).join(" ");
const dialogue = sentences("Ann", 8).join("\n");
const longest = (text: string): string => passagesOf([text]).next().value ?? "";
const idOf = (text: string): string => passageId(longest(text));

describe("a document is known by one passage, whatever stands beside it", () => {
  it.each([
    `${paragraph}\n\nQuestion: how many ships passed on day 3?`,
    `Question: how many ships passed on day 4?\n\n${paragraph}`,
    `Read the report and answer briefly.\n\nReport:\n${paragraph}\n\nWho saw them?\nAnswer:`,
    `Context: ${paragraph}`,
    `Answer from this report: ${paragraph}`,
    `${paragraph} How many ships passed on day 5?`,
    `How many passed on day 6? ${paragraph}`,
    `${paragraph}\nQ: how many?`,
    `Sum up.\r\n\r\n${paragraph}\r\n`,
    `${sentences("keeper", 12).join("\n")}\n\nHow many?`,
    `  ${paragraph.replaceAll(" ", "  ")}  `,
  ])("%s", (prompt) => expect(idOf(prompt)).toBe(idOf(paragraph)));

  it.each([
    `${dialogue}\nQuestion: what did Ann see?`,
    `Dialogue:\n${dialogue}\n\nSum up the dialogue.`,
    `What did Ann see on day 2?\n${dialogue}`,
  ])("a block of short lines: %s", (prompt) => expect(idOf(prompt)).toBe(idOf(dialogue)));

  it("of several paragraphs the longest, without a question on its line", () => {
    const other = sentences("smith", 7).join(" ");
    expect(longest(`${other}\n\n${paragraph} Why?\n\n${other}`)).toBe(paragraph);
    expect([...passagesOf([`${other}\n\n${paragraph}`])]).toEqual([paragraph, other]);
  });

  it("two documents have two", () => {
    expect(idOf(paragraph)).not.toBe(idOf(paragraph.replace("keeper", "smith")));
  });
});

test("short texts have no passage: they are questions, and no documents", () => {
  expect(longest("What is the capital of France?")).toBe("");
  expect(longest(`${"word ".repeat(70)}`)).toBe("");
});

test("takes time that grows with the text alone", () => {
  for (const text of [
    "a?".repeat(1e6),
    "a:".repeat(1e6),
    `${"a".repeat(300)}\n`.repeat(1e4),
    "?\n".repeat(1e6),
  ])
    expect([...passagesOf([text])].length).toBeGreaterThanOrEqual(0);
}, 5000);
