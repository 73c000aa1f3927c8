import { expect, test } from "vitest";
import { contentOf } from "../../../../src/datasets/rows/turns/content.ts";

const text = (text: string, type = "text") => ({ type, text });

test.each([
  ["as it is, <think>too</think>", { text: "as it is, <think>too</think>" }],
  [[text("One."), text("Two.")], { text: "One.Two." }],
  [[text("In.", "input_text"), text("Out.", "output_text")], { text: "In.Out." }],
  [[{ type: "thinking", thinking: "Hm." }, text("So.")], { text: "So.", thought: "Hm." }],
  [[{ type: "thinking", thinking: " " }, text("So.")], { text: "So." }],
  [
    [{ type: "image", image: "a.png" }, text("What?")],
    { got: 'part 1, of type "image", which is no part of text' },
  ],
  [[text("a"), "b"], { got: "part 2, a string, which is no part of text" }],
  [[text("a"), { type: "thinking", thinking: "b" }], { got: "part 2, a thought behind a text" }],
  [[{ type: "tool_use", input: {} }], { got: 'part 1, of type "tool_use", which is no part of text' }],
  [null, { got: "null" }],
  [7, { got: "a number" }],
])("%j", (content, found) => {
  expect(contentOf(content)).toEqual(found);
});
