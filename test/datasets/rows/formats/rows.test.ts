import { expect, test } from "vitest";
import { alpaca } from "../../../../src/datasets/rows/formats/alpaca.ts";
import { messages } from "../../../../src/datasets/rows/formats/messages.ts";
import { sharegpt } from "../../../../src/datasets/rows/formats/sharegpt.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

test("messages: roles, parts of text, and what is trained", () => {
  const row = {
    messages: [
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { type: "text", text: "!" },
        ],
      },
      { role: "assistant", content: "Yo.", weight: 0 },
      user("Well?"),
      { role: "assistant", content: "Fine.", train: true },
    ],
  };
  expect(messages.convert(row)).toEqual({
    messages: [
      { role: "system", content: "Be brief." },
      user("Hi!"),
      { ...assistant("Yo."), train: false },
      user("Well?"),
      { ...assistant("Fine."), train: true },
    ],
  });
});

test.each([
  [{ messages: "hi" }, "missing_messages"],
  [{ messages: ["hi"] }, "wrong_type"],
  [{ messages: [{ role: "user", content: 3 }] }, "wrong_type"],
  [{ messages: [{ role: "user", content: [{ type: "image_url" }] }] }, "wrong_type"],
  [{ messages: [{ role: "user", content: "x", train: "yes" }] }, "wrong_type"],
  [{ messages: [{ role: "narrator", content: "x" }] }, "unknown_role"],
  [{ messages: [{ role: "constructor", content: "x" }] }, "unknown_role"],
])("messages: %j is dropped as %s", (row, reason) => {
  expect(messages.convert(row)).toMatchObject({ dropped: { reason } });
});

test("sharegpt: its roles and its system field", () => {
  const conversations = [
    { from: "human", value: "Hi" },
    { from: "gpt", value: "Yo" },
    { from: "function", value: "{}" },
    { from: "assistant", value: "Done" },
  ];
  expect(sharegpt.convert({ system: "Be brief.", conversations })).toEqual({
    inserted: 1,
    messages: [
      { role: "system", content: "Be brief." },
      user("Hi"),
      assistant("Yo"),
      { role: "tool", content: "{}" },
      assistant("Done"),
    ],
  });
  expect(sharegpt.convert({ conversations: [{ from: "narrator", value: "x" }] })).toMatchObject({
    dropped: { reason: "unknown_role", detail: 'turn 1: "narrator"' },
  });
});

test("alpaca: the input is the part that may be shortened; history and system come before", () => {
  const row = {
    instruction: "Sum up.",
    input: "A text.",
    output: "Short.",
    system: "S",
    history: [["a", "b"]],
  };
  const turns = alpaca.convert(row);
  expect(turns).toEqual({
    messages: [
      { role: "system", content: "S" },
      user("a"),
      assistant("b"),
      user("Sum up.\n\nA text."),
      assistant("Short."),
    ],
    context: [{ message: 3, start: 9, end: 16 }],
    inserted: 1,
  });
  expect(alpaca.convert({ instruction: "Say hi.", input: "", output: "Hi." })).toEqual({
    messages: [user("Say hi."), assistant("Hi.")],
  });
  expect(alpaca.convert({ instruction: "x", output: 5 })).toMatchObject({
    dropped: { reason: "wrong_type" },
  });
});
