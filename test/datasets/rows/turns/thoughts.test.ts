import { expect, test } from "vitest";
import { messages } from "../../../../src/datasets/rows/formats/messages.ts";
import { sharegpt } from "../../../../src/datasets/rows/formats/sharegpt.ts";

const asked = { role: "user", content: "Legs of a cat?" };
const answered = (more: object) => ({ messages: [asked, { role: "assistant", content: "Four.", ...more }] });
const thinking = { role: "assistant", content: "Four.", reasoning_content: "I count." };

test.each([
  [{ reasoning_content: "I count." }],
  [{ reasoning: "I count." }],
  [{ thinking: "I count." }],
  // vLLM writes it twice.
  [{ reasoning: "I count.", reasoning_content: "I count." }],
  [{ reasoning: null, reasoning_content: "", thinking: "I count." }],
  [
    {
      content: [
        { type: "thinking", thinking: "I count." },
        { type: "text", text: "Four." },
      ],
    },
  ],
])("%j is one thought; it was left out without a word", (more) => {
  expect(messages.convert(answered(more))).toEqual({ messages: [asked, thinking] });
});

test("none: blank ones and flags", () => {
  for (const more of [{ reasoning: " \n" }, { thinking: true }, { reasoning_content: null }])
    expect(messages.convert(answered(more))).toEqual({
      messages: [asked, { role: "assistant", content: "Four." }],
    });
});

test("ShareGPT's turns as well", () => {
  const conversations = [
    { from: "human", value: "Legs?" },
    { from: "gpt", value: "Four.", thinking: "I count." },
  ];
  expect(sharegpt.convert({ conversations })).toMatchObject({ messages: [{}, thinking] });
});

test.each([
  [
    answered({ reasoning: "a", thinking: "b" }),
    "thoughts",
    "turn 2: expected one thought, got two under reasoning and thinking",
  ],
  [answered({ reasoning: ["a"] }), "wrong_type", "turn 2: expected text under reasoning, got an array"],
  [
    {
      messages: [
        { ...asked, thinking: "a" },
        { role: "assistant", content: "b" },
      ],
    },
    "thoughts",
    "turn 1: expected thoughts of the assistant, got one of user under thinking",
  ],
])("%j is dropped", (row, reason, detail) => {
  expect(messages.convert(row)).toEqual({ dropped: { reason, detail } });
});
