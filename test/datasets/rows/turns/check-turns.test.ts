import { expect, test } from "vitest";
import { checkTurns } from "../../../../src/datasets/rows/turns/check-turns.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

test.each([
  [[], "missing_messages"],
  [[user("a")], "missing_answer"],
  [[assistant("a")], "role_order"],
  [[user("a"), user("b"), assistant("c")], "role_order"],
  [[user(" "), assistant("c")], "empty_prompt"],
  [[user("a"), assistant("\n")], "empty_answer"],
  [[user("a"), assistant("\u200b\u00ad ")], "empty_answer"],
  [[{ role: "tool", content: "x" }, user("a"), assistant("b")], "role_order"],
])("turns %j are dropped as %s", (turns, reason) => {
  expect(checkTurns({ messages: turns as never })).toMatchObject({ dropped: { reason } });
});

test("turns without a question before or an answer after are left out and told; spans move along", () => {
  const turns = [assistant("Welcome"), user("a text"), assistant("b"), user("c")] as never;
  expect(checkTurns({ messages: turns, context: [{ message: 1, start: 0, end: 6 }] })).toEqual({
    messages: [user("a text"), assistant("b")],
    context: [{ message: 0, start: 0, end: 6 }],
    changed: {
      reason: "role_order",
      detail: "1 turn before the first question left out; 1 turn after the last answer left out",
    },
  });
});

test("characters that no text can have become U+FFFD, one for one", () => {
  const turns = [user("a\ud800b"), assistant("c\0")] as never;
  expect(checkTurns({ messages: turns })).toEqual({
    messages: [user("a\ufffdb"), assistant("c\ufffd")],
    changed: { reason: "lone_surrogate", detail: "half a surrogate pair became U+FFFD; NUL became U+FFFD" },
  });
});
