import { expect, test } from "vitest";
import type { FieldsSpec } from "../../../src/contracts/recipe.ts";
import { fieldsProblems } from "../../../src/run/recipe/check-fields.ts";

test.each<[FieldsSpec, string, RegExp]>([
  [{}, "", /expected messages, output or prompt and response, got none/],
  [{ id: "x", system: "s" }, "", /got none of them/],
  [{ messages: "m", output: "o" }, "output", /keys of one form .*, got messages and output/],
  [{ role: "from" }, "messages", /the list of turns, got nothing/],
  [{ instruction: "q" }, "output", /the column with the answer, got nothing/],
  [{ output: "a" }, "instruction", /or input, the column with the question/],
  [{ prompt: "{{q}}" }, "response", /expected response beside prompt, got nothing/],
  [{ prompt: "Say it.", response: "{{a}}" }, "prompt", /at least one \{\{column\}\}, got none$/],
  [{ prompt: "{{q}}", response: "a" }, "response", /got none\. For the column a write "\{\{a\}\}"$/],
  [{ prompt: "{{q}}", response: "{{a}}", context: "text" }, "context", /prompt has as \{\{text\}\}/],
])("%j is refused at %j", (fields, key, message) => {
  expect(fieldsProblems(fields)).toEqual([{ key, message: expect.stringMatching(message) }]);
});

test.each<FieldsSpec>([
  { messages: "m", role: "from", roles: { user: ["me"] }, system: "{{s}}" },
  { input: "text", output: "summary" },
  { prompt: "{{ text }} {{q}}", response: "{{a.0}}", context: "text", answers: "a", id: "i" },
])("%j is sound", (fields) => {
  expect(fieldsProblems(fields)).toEqual([]);
});
