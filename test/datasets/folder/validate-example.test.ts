import { expect, test } from "vitest";
import type { Example } from "../../../src/contracts/example.ts";
import { exampleProblem } from "../../../src/datasets/folder/validate-example.ts";

const example: Example = {
  id: "d/1",
  task: "qa",
  split: "train",
  messages: [
    { role: "user", content: "A 🦓 text" },
    { role: "assistant", content: "Yes", train: true },
  ],
  context: [{ message: 0, start: 0, end: 4 }],
  source: { dataset: "d", revision: "1", license: "unknown", row: 0, document: "d/1" },
  meta: {},
};
const withSpans = (...context: [number, number, number][]) => ({
  ...example,
  context: context.map(([message, start, end]) => ({ message, start, end })),
});

test("a right example has no problem", () => {
  expect(exampleProblem(example)).toBeNull();
});

test.each([
  [{ ...example, task: "poetry" }, "/task must be equal to one of the allowed values"],
  [{ ...example, messages: [] }, "/messages must NOT have fewer than 1 items"],
  [{ ...example, extra: 1 }, "/ must NOT have additional properties"],
  [{ ...example, context: "no" }, "/context must be array"],
  [{ ...example, id: "" }, "/id must NOT have fewer than 1 characters"],
  [withSpans([2, 0, 1]), "/context/0/message expected one of 2 messages, got 2"],
  [withSpans([0, 0, 10]), "/context/0 expected a range inside 0–9, got 0–10"],
  [withSpans([0, 3, 3]), "/context/0 expected a range inside 0–9, got 3–3"],
  [
    withSpans([0, 0, 5], [0, 4, 6]),
    "/context/1 expected spans in order that do not overlap, got start 4 after end 5",
  ],
  [withSpans([0, 0, 3]), "/context/0 expected whole characters, got an end inside a surrogate pair"],
])("%# is refused: %s", (value, problem) => {
  expect(exampleProblem(value)).toBe(problem);
});
