import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/contracts/example.ts";
import { changeDocument, documentSpans, textsOf } from "../../../src/eval/controls/change-document.ts";

const before = "Read this.\n\n";
const parts = ["One is here. Two is there. ", "The key is under the mat.", " Three waits! Four left?\nFive."];
const after = "\n\nWhere is the key?";
const at = (i: number): number => before.length + parts.slice(0, i).join("").length;
const span = (i: number) => ({ message: 1, start: at(i), end: at(i + 1) });

const example: Example = {
  ...{ id: "notes/1", task: "qa", split: "test" },
  source: { dataset: "notes", revision: "1", license: "CC0-1.0", row: 0, document: "d" },
  messages: [
    { role: "system", content: "Be short." },
    { role: "user", content: `${before}${parts.join("")}${after}` },
    { role: "assistant", content: "under the mat" },
  ],
  // The evidence is no context: it is never shortened away.
  context: [span(0), span(2)],
  meta: { evidence: [span(1)], length: "short" },
};

describe("a question with another document", () => {
  it("without it: nothing of it is left, evidence neither, and the question stays", () => {
    const changed = changeDocument(example, "no_context");
    expect(changed.messages[1]!.content).toBe(`${before}${after}`);
    expect(changed).toMatchObject({ context: [], meta: { length: "short" }, id: "notes/1" });
    expect(changed.meta).not.toHaveProperty("evidence");
    expect(changed.messages[2]).toEqual(example.messages[2]);
  });

  it("shuffled: the same sentences in an order that the id decides, the evidence whole", () => {
    const changed = changeDocument(example, "shuffled_context");
    const { content } = changed.messages[1]!;
    expect(content.startsWith(before) && content.endsWith(after)).toBe(true);
    const sentences = [
      "One is here.",
      "Two is there.",
      "The key is under the mat.",
      "Three waits!",
      "Four left?",
    ];
    const body = content.slice(before.length, -after.length);
    const places = [...sentences, "Five."].map((one) => body.indexOf(one));
    expect(Math.min(...places)).toBe(0);
    expect(places).not.toEqual([...places].sort((a, b) => a - b));
    expect(changeDocument(example, "shuffled_context")).toEqual(changed);
    expect(changeDocument({ ...example, id: "notes/2" }, "shuffled_context")).not.toEqual(changed);
    const told = documentSpans(changed).map(({ start, end, isEvidence }) => [
      content.slice(start, end),
      isEvidence,
    ]);
    expect(told.map(([text]) => text).join("")).toBe(body);
    expect(told.filter(([, isEvidence]) => isEvidence)).toEqual([["The key is under the mat. ", true]]);
  });

  it("without a document there is nothing to change", () => {
    const { context: _, ...bare } = example;
    expect(changeDocument(bare, "no_context")).toBe(bare);
    expect(textsOf(bare).document).toBe("");
  });

  it("as texts: what is asked without system message and answer, and the document", () => {
    expect(textsOf(example)).toEqual({
      question: "Read this.\n\n\n\nWhere is the key?",
      document: parts.join(""),
    });
  });
});
