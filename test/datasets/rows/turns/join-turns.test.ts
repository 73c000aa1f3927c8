import { expect, test } from "vitest";
import type { Message } from "../../../../src/contracts/example.ts";
import { checkTurns } from "../../../../src/datasets/rows/turns/check-turns.ts";

const user = (content: string, more: object = {}): Message => ({ role: "user", content, ...more });
const assistant = (content: string, more: object = {}): Message => ({ role: "assistant", content, ...more });
const call = (name: string) => ({ type: "function" as const, function: { name, arguments: "{}" } });

test("turns of one role in a row become one, and spans move along", () => {
  const messages = [user("One."), user("A text."), assistant("B."), assistant("C.")];
  expect(checkTurns({ messages, context: [{ message: 1, start: 2, end: 6 }] }, true)).toEqual({
    messages: [user("One.\n\nA text."), assistant("B.\n\nC.")],
    context: [{ message: 0, start: 8, end: 12 }],
    changed: {
      reason: "joined_turns",
      detail: "turn 2 (user) joined to the one before; turn 4 (assistant) joined to the one before",
    },
  });
  expect(checkTurns({ messages })).toEqual({
    dropped: { reason: "role_order", detail: "turn 2 is user after user" },
  });
});

test("calls of two turns are calls of one; what tools answer stays apart, with or without joining", () => {
  const tool = (content: string): Message => ({ role: "tool", content });
  const told = [tool("20"), tool("5"), assistant("So.")];
  const both = [user("a"), assistant("", { tool_calls: [call("f"), call("g")] }), ...told];
  for (const join of [true, false]) expect(checkTurns({ messages: both }, join)).toEqual({ messages: both });
  const calls = [assistant("", { tool_calls: [call("f")] }), assistant("", { tool_calls: [call("g")] })];
  expect(checkTurns({ messages: [user("a"), ...calls, ...told] }, true)).toMatchObject({ messages: both });
});

test.each([
  ["a text behind calls", assistant("", { tool_calls: [call("f")] }), assistant("x")],
  ["a thought behind a text", assistant("x"), assistant("y", { reasoning_content: "z" })],
  ["trained and not trained", assistant("x", { train: false }), assistant("y")],
  ["two speakers", user("x", { name: "Ann" }), user("y", { name: "Bob" })],
])("%s stay apart, and their row goes", (_, first, second) => {
  const [before, after] = first.role === "user" ? [[], [assistant("z")]] : [[user("a")], []];
  expect(checkTurns({ messages: [...before, first, second, ...after] }, true)).toMatchObject({
    dropped: { reason: "role_order" },
  });
});
