import { expect, test } from "vitest";
import { unreadOf, unreadProblem } from "../../../src/datasets/rows/unread-columns.ts";

const read = { keys: ["messages"], turnKeys: ["role", "content"], ownKeys: true };

test("what matters and is filled is told apart from what does not", () => {
  const row = {
    id: 1,
    messages: [{ role: "user", content: "a", images: ["x.png"], mood: "sad", refusal: null }],
    reasoning: "Hm.",
    images: [null],
    tools: [],
    system_message: " ",
    reasoning_tokens: 5,
    audio: { path: "a.wav" },
    score: 1,
  };
  expect(unreadOf(row, read)).toEqual({
    mattering: ["messages[].images", "reasoning", "audio"],
    harmless: ["messages[].mood", "images", "tools", "system_message", "reasoning_tokens", "score"],
  });
  expect(unreadOf(row, { ownKeys: false })).toEqual({ mattering: [], harmless: [] });
});

test.each([
  [["images"], "Look: <image> What?", "<image> in message 1 stands for what is in images"],
  [["image_url"], "<|image_1|>", "<|image_1|> in message 1"],
  [["messages[].toolCalls"], "Hi", "calls under messages[].toolCalls"],
])("%j beside %j", (names, content, says) => {
  const turns = { messages: [{ role: "user" as const, content }] };
  expect(unreadProblem(turns, names)).toMatchObject({ dropped: { detail: expect.stringContaining(says) } });
});

test("a placeholder without a column is text, and a column without a placeholder only missing", () => {
  const turns = (content: string) => ({ messages: [{ role: "user" as const, content }] });
  expect(unreadProblem(turns("<image>"), [])).toBeNull();
  expect(unreadProblem(turns("<image>"), ["reasoning"])).toBeNull();
  expect(unreadProblem(turns("What?"), ["images", "tool_calls"])).toBeNull();
});
