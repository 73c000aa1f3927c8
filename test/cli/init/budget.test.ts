import { expect, it } from "vitest";
import { budgetFor, builtTokens, textTokens } from "../../../src/cli/init/budget.ts";
import type { Found } from "../../../src/cli/init/look.ts";

const found = (chars: readonly number[], more: Partial<Found> = {}) =>
  ({ chars, isWhole: true, sizeBytes: 0, ...more }) as Found;

it("what the machine has time for, as far as there is as much", () => {
  const large = { name: "a", tokens: 1e6, examples: 1000 };
  expect(budgetFor([large], 5e5, 4096)).toEqual({ tokens: 5e5, isAllThereIs: false, weights: {} });
  // Three times what there is, and less of a few, whose sizes are less certain.
  expect(budgetFor([{ ...large, tokens: 1e4 }], 5e5, 4096)).toMatchObject({
    tokens: 30_000,
    isAllThereIs: true,
  });
  expect(budgetFor([{ ...large, tokens: 1e4, examples: 1 }], 5e5, 4096).tokens).toBe(12_000);
  expect(budgetFor([{ ...large, tokens: 10 }], 5e5, 4096).tokens).toBe(4096);
});

it("datasets of unlike size are weighted by it only where equal shares would not do", () => {
  const [large, small] = [
    { name: "a", tokens: 9e5, examples: 1000 },
    { name: "b", tokens: 1e5, examples: 100 },
  ];
  expect(budgetFor([large, small], 4e5, 4096).weights).toEqual({});
  expect(budgetFor([large, small], 2e6, 4096).weights).toEqual({ a: 0.9, b: 0.1 });
});

it("examples of documents are counted by the sizes that are drawn, and what was not looked at by its bytes", () => {
  // Drawn evenly by logarithm between 100 and 400 tokens: 300 / ln 4 on the average.
  expect(builtTokens(found([8000]), 4, [100, 400])).toBeCloseTo(300 / Math.log(4));
  // Half of the draws are longer than 200 tokens, and give none.
  expect(builtTokens(found([800]), 4, [100, 400])).toBeCloseTo(100 / Math.log(4));
  expect(builtTokens(found([200]), 4, [100, 400])).toBe(0);
  expect(textTokens(found([8000, 400]), 4, 1000)).toBe(1100);
  expect(textTokens(found([3999], { isWhole: false, sizeBytes: 8000 }), 4)).toBeCloseTo(1999.5);
});
