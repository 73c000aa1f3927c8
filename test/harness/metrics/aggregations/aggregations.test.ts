import { expect, it } from "vitest";
import { aggregations } from "../../../../src/harness/metrics/aggregations/aggregations.ts";
import { standardError } from "../../../../src/harness/metrics/aggregations/standard-error.ts";
import { PyFloat } from "../../../../src/jinja/values/values.ts";
import { readParts, rounded } from "../../parts.ts";

const numbers: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

it("gives the harness's figures and standard errors, the bootstrapped ones as well", () => {
  const { aggregations: rows } = readParts();
  expect(rows.filter(({ out }) => typeof out.s === "number").length).toBeGreaterThan(10);
  for (const { name, items, it: iters, out } of rows) {
    const aggregation = aggregations.find((one) => one.name === name)!;
    const given = items.map((item) => (typeof item === "string" ? numbers[item] : item));
    const what = JSON.stringify({ name, items });
    if (out.e !== undefined) {
      expect(() => aggregation.ofItems(given), what).toThrow();
      continue;
    }
    expect(rounded(aggregation.ofItems(given)), what).toEqual(rounded(out.v));
    expect(rounded(standardError(name, aggregation, given, iters)), what).toEqual(rounded(out.s));
  }
});

it("hands texts to the scores of corpora with as many references as the row with the fewest has", () => {
  const items = [
    [["the cat sat", "a cat"], "the cat sat"],
    [["the dog ran"], "the dog ran"],
  ];
  const figure = (name: string, given: readonly unknown[]) =>
    aggregations.find((one) => one.name === name)!.ofItems(given);
  expect(figure("ter", items)).toBe(0);
  expect(figure("chrf", items)).toBe(100);
  // Several targets of a row make 1 or 0 of it: nothing that texts can be scored by.
  expect(() => figure("bleu", [1, 0])).toThrow(/bleu: expected two values of each row, got the number 1/);
  expect(() => figure("bleu", [[[], "x"]])).toThrow(/expected a reference of each row, got none/);
});

it("takes numbers of helpers as Python has them", () => {
  const mean = aggregations.find(({ name }) => name === "mean")!;
  const items = [new PyFloat(1), 0, true, new PyFloat(0)];
  expect([mean.ofItems(items), standardError("own", mean, items, 1000)]).toEqual([0.5, Math.sqrt(1 / 12)]);
});
