import { expect, test } from "vitest";
import { promptCompletion } from "../../../../src/datasets/rows/formats/prompt-completion.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const untrained = { train: false };

test("two lists are one conversation, of which the completion is trained", () => {
  const prompt = [user("Hi"), assistant("Well?"), user("Capital of Chile?")];
  const row = { prompt, completion: [assistant("Santiago.")] };
  expect(promptCompletion.fits(row)).toBe(true);
  expect(promptCompletion.convert(row)).toEqual({
    messages: [...prompt.map((turn) => ({ ...turn, ...untrained })), assistant("Santiago.")],
  });
});

test("two texts are a question and its answer, as they are written", () => {
  expect(promptCompletion.convert({ prompt: "The capital of Peru is", completion: " Lima." })).toEqual({
    messages: [user("The capital of Peru is"), assistant(" Lima.")],
  });
});

test("tools and a system prompt beside them", () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const row = { prompt: [user("a")], completion: [assistant("b")], tools, system: "S" };
  expect(promptCompletion.convert(row)).toMatchObject({
    messages: [{ role: "system", content: "S" }, {}, {}],
    tools: JSON.stringify(tools),
  });
});

test.each([
  [{ prompt: [user("a")], completion: "b" }, "wrong_type", "got an array and a string"],
  [{ prompt: [user("a"), assistant("b")], completion: [user("c")] }, "missing_answer", "completion"],
  [{ prompt: ["a"], completion: ["b"] }, "wrong_type", "turn 1"],
  [{ prompt: "a", completion: "b", label: false }, "unwanted_completion", "label is false"],
])("%j is dropped as %s", (row, reason, says) => {
  expect(promptCompletion.convert(row)).toMatchObject({
    dropped: { reason, detail: expect.stringContaining(says) },
  });
});

test.each([
  { prompt: null, completion: null },
  { prompt: "a" },
  { prompt: [], completion: [] },
  { prompt: "", completion: " " },
])("%j is of another form", (row) => {
  expect(promptCompletion.fits(row)).toBe(false);
});
