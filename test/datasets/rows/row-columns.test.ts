import { expect, test } from "vitest";
import type { RowFormat } from "../../../src/datasets/rows/format.ts";
import { alpaca } from "../../../src/datasets/rows/formats/alpaca.ts";
import { messages } from "../../../src/datasets/rows/formats/messages.ts";
import { sharegpt } from "../../../src/datasets/rows/formats/sharegpt.ts";
import { checkTurns } from "../../../src/datasets/rows/turns/check-turns.ts";

const user = { role: "user", content: "Hi" };
const answer = { role: "assistant", content: "Yo" };
const system = (content: string) => ({ role: "system", content });
const weather = { type: "function", function: { name: "weather" } };

function read(format: RowFormat, row: Record<string, unknown>) {
  const turns = format.convert(row);
  return "dropped" in turns ? turns : checkTurns(turns);
}

test.each(["system", "system_prompt"])("%s is the system turn, in every form", (column) => {
  const row = {
    messages: [user, answer],
    context: [{ message: 0, start: 0, end: 2 }],
    [column]: "Be brief.",
  };
  expect(read(messages, row)).toEqual({
    messages: [system("Be brief."), user, answer],
    context: [{ message: 1, start: 0, end: 2 }],
  });
  const made = { messages: [system("Be brief."), user, answer] };
  const conversations = [
    { from: "human", value: "Hi" },
    { from: "gpt", value: "Yo" },
  ];
  expect(read(sharegpt, { conversations, [column]: "Be brief." })).toEqual(made);
  expect(read(alpaca, { instruction: "Hi", output: "Yo", [column]: "Be brief." })).toEqual(made);
});

test("a system turn goes before a column that says something else, and that is told", () => {
  const row = { system: "Column.", messages: [system("Turn."), user, answer] };
  expect(read(messages, row)).toEqual({
    messages: row.messages,
    changed: {
      reason: "two_systems",
      detail: "the system turn is kept, and system, which says something else, left out",
    },
  });
  expect(read(messages, { ...row, system: "Turn. " })).toEqual({ messages: row.messages });
  // A blank turn says nothing.
  expect(read(messages, { system: "Column.", messages: [system(" "), user, answer] })).toEqual({
    messages: [system("Column."), user, answer],
  });
});

test.each([
  [{ system: "a", system_prompt: "b" }, "two_systems", "got others in system and system_prompt"],
  [{ system: ["a"] }, "wrong_type", "expected text under system, got an array"],
  [{ tools: [weather], functions: [{ name: "f" }] }, "tools", "got others under tools and functions"],
  [{ functions: "weather(city)" }, "tools", "functions: expected JSON"],
])("%j is dropped as %s", (more, reason, says) => {
  expect(read(messages, { messages: [user, answer], ...more })).toMatchObject({
    dropped: { reason, detail: expect.stringContaining(says) },
  });
});

test("tools under other names, of the row or of its system turn", () => {
  const tools = JSON.stringify([weather]);
  for (const more of [
    { tools: [weather] },
    { functions: [{ name: "weather" }] },
    { tool_defs: JSON.stringify([weather]), tools: null },
    { tools: [weather], functions: [weather.function] },
  ])
    expect(read(messages, { messages: [user, answer], ...more })).toEqual({
      messages: [user, answer],
      tools,
    });
  const turns = [{ ...system("S"), functions: '[{"name":"weather"}]', function_calls: null }, user, answer];
  expect(read(messages, { messages: turns })).toEqual({ messages: [system("S"), user, answer], tools });
});

test("tools and arguments keep how numbers are written and the order of keys", () => {
  const tools = '[{"type":"function","function":{"name":"f","parameters":{"b":1.0,"10":9007199254740993}}}]';
  const row = { messages: [user, answer], functions: tools };
  expect(read(messages, row)).toMatchObject({ tools });
});

test("an empty list of turns hides no filled one; two filled ones are told", () => {
  const made = { messages: [user, answer] };
  for (const row of [
    { messages: [], conversations: [user, answer] },
    { messages: null, conversation: [user, answer] },
    { messages: [user, answer], conversations: [] },
    { messages: [user, answer], conversations: [user, answer] },
  ]) {
    expect(messages.fits(row)).toBe(true);
    expect(messages.convert(row)).toEqual(made);
  }
  expect(messages.convert({ messages: [user, answer], conversations: [user] })).toEqual({
    ...made,
    unread: ["conversations"],
  });
  expect(messages.convert({ messages: [] })).toMatchObject({
    dropped: { detail: "expected a list of turns under messages, got an empty one" },
  });
});

test("turns are counted without a system prompt from a column", () => {
  const row = { system: "S", messages: [user, answer, answer] };
  expect(read(messages, row)).toEqual({
    dropped: { reason: "role_order", detail: "turn 3 is assistant after assistant" },
  });
});
