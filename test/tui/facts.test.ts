import { expect, test } from "vitest";
import { joinFacts, topReasons, wrapCommand, wrapText } from "../../tui/facts.ts";

test("facts that do not fit are left out from the end, the first never", () => {
  const facts = ["step 1 of 2", "3 s left", "1.0 steps/s"];
  expect(joinFacts(facts, 36)).toBe("step 1 of 2 · 3 s left · 1.0 steps/s");
  expect(joinFacts(facts, 35)).toBe("step 1 of 2 · 3 s left");
  expect(joinFacts(facts, 5)).toBe("step 1 of 2");
});

test("the most frequent reasons are named", () => {
  expect(topReasons({ a: 1, b: 1400, c: 2, d: 3, e: 1 })).toBe("b 1,400, d 3, c 2, 2 more reasons");
  expect(topReasons({ a: 1, b: 2, c: 3, d: 4 })).toBe("d 4, c 3, b 2, 1 more reason");
  expect(topReasons({})).toBe("");
});

test("a long command stays one command: broken outside quotes, with backslashes", () => {
  const command = `zebra run 'my recipe.yaml' finetune.lr=3e-4 --note "a \\"b\\" c"`;
  expect(wrapCommand(command, 200)).toEqual([command]);
  expect(wrapCommand(command, 34)).toEqual([
    "zebra run 'my recipe.yaml' \\",
    `  finetune.lr=3e-4 --note \\`,
    `  "a \\"b\\" c"`,
  ]);
  expect(wrapCommand("a-single-long-word", 5)).toEqual(["a-single-long-word"]);
});

test("text is wrapped between words, with its own breaks and indents", () => {
  expect(wrapText("one two three", 7)).toBe("one two\nthree");
  expect(wrapText("recipe: 2 problems\n  - first is long\n\n  - second", 12)).toBe(
    "recipe: 2\nproblems\n  - first is\n  long\n\n  - second",
  );
  expect(wrapText("averylongword", 5)).toBe("averylongword");
});
