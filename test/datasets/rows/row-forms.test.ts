import { expect, test } from "vitest";
import { formsByRow } from "../../../src/datasets/rows/row-forms.ts";

const formOf = formsByRow("sharegpt");

test.each([
  [{ messages: [{ role: "user", content: "a" }], instruction: "a", output: "b" }, "messages"],
  [{ messages: [{ from: "human", value: "a" }] }, "sharegpt"],
  [{ prompt: "a", completion: "b", instruction: "c", output: "d" }, "prompt-completion"],
  [{ messages: null, prompt: "", completion: "", instruction: "a", output: "b" }, "alpaca"],
  [{ prompt: "a", chosen: "b", rejected: "c" }, "no known form"],
])("%j is read as %s", (row, name) => {
  expect(formOf(row).name).toBe(name);
});

test("a row of no known form says so, with what it has", () => {
  expect(formOf({ prompt: "a", chosen: "b" }).convert({ prompt: "a", chosen: "b" })).toEqual({
    dropped: {
      reason: "missing_messages",
      detail:
        "expected a list of turns under conversations, got nothing; of no known form, columns: prompt, chosen",
    },
  });
});
