import { expect, it } from "vitest";
import type { BenchmarkSpec } from "../../src/contracts/recipe.ts";
import { benchmarkProblems } from "../../src/eval/benchmark-problems.ts";
import { mapping } from "../../src/schema.ts";

const told = (...specs: BenchmarkSpec[]) =>
  benchmarkProblems(specs, { "long-qa": mapping({}) }, ["exact_match", "f1", "rougeL"]).map(
    ({ path, message }) => `${path.slice(2).join(".")}: ${message}`,
  );

it("a test set has a name of its own and scorers that there are", () => {
  expect(told({ name: "mine", path: "a.jsonl", metrics: ["f1", "rougeL"], max_new_tokens: 8 })).toEqual([]);
  expect(told({ name: "long-qa", path: "a" }, { name: "a/b", path: "a", metrics: ["rougel", "F1"] })).toEqual(
    [
      "0.name: expected a name that no benchmark of the catalog has, got long-qa beside path",
      '1.name: expected a name of letters, digits, ".", "_" and "-", got "a/b"',
      "1.metrics.0: unknown metric rougel; did you mean rougeL?",
      "1.metrics.1: unknown metric F1; did you mean f1?",
    ],
  );
  expect(told({ name: "mine", path: "a" }, { name: "mine", path: "b" })).toEqual([
    "1.name: expected each benchmark once, got mine again",
  ]);
  expect(told({ name: "mine", path: "a", format: "alpaca", fields: { messages: "m" } })).toEqual([
    "0.format: expected fields or format, got both: fields say the form already",
  ]);
});

it("keys of test sets are told beside a benchmark of the catalog", () => {
  expect(told({ name: "long-qa", metrics: ["f1"], split: "test" })).toEqual([
    "0.metrics: expected metrics beside path only, for a test set of your own",
    "0.split: expected split beside path only, for a test set of your own",
  ]);
});
