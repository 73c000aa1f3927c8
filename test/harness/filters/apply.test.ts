import { expect, it } from "vitest";
import { applyFilters } from "../../../src/harness/filters/apply.ts";
import { filters } from "../../../src/harness/filters/catalog/index.ts";
import type { Row } from "../../../src/harness/task-config.ts";
import { fromJs } from "../../../src/jinja/values/from-js.ts";
import { PyDict, type Value } from "../../../src/jinja/values/values.ts";
import { plain, readParts } from "../parts.ts";

const values = (options: Record<string, unknown>): Record<string, Value> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, fromJs(value)]));

it("makes of answers what the harness's pipelines make, and fails where they end with an exception", () => {
  const { filters: rows } = readParts();
  expect(new Set(rows.flatMap(({ pipe }) => pipe.map(([name]) => name)))).toEqual(
    new Set(filters.map(({ name }) => name)),
  );
  for (const { pipe, doc, rs, out } of rows) {
    const pipeline = pipe.map(([name, options]) => ({ function: name, options: values(options) }));
    const [got] = applyFilters(pipeline, [rs], [fromJs(doc) as Row]);
    const what = JSON.stringify([pipe, rs, out.e]);
    if (out.e !== undefined) expect(Object.keys(got!), what).toEqual(["error"]);
    else expect(plain("value" in got! ? got.value : got), what).toEqual(plain(out.v));
  }
});

it("fails the one row that a filter cannot take; the others go on", () => {
  const pipeline = [{ function: "regex", options: { regex_pattern: "(\\d)", group_select: 1 } }];
  const row = new PyDict();
  expect(applyFilters(pipeline, [["1 2"], ["1"], ["no"]], [row, row, row])).toEqual([
    { value: ["2"] },
    { error: "filter regex: group_select: expected one of 1, got number 1" },
    { value: ["[invalid]"] },
  ]);
});

it("fails the rows on which a pattern does not end", () => {
  const pipeline = [{ function: "regex", options: { regex_pattern: "(a+)+$" } }];
  const [hostile, plainRow] = applyFilters(
    pipeline,
    [[`${"a".repeat(50)}b`], ["aa"]],
    [new PyDict(), new PyDict()],
  );
  expect(hostile).toEqual({ error: expect.stringContaining("did not within its work") });
  expect(plainRow).toEqual({ value: ["aa"] });
});

it("says before anything runs what a filter does not take", () => {
  const check = (name: string, options: Record<string, Value> = {}): string | undefined => {
    try {
      applyFilters([{ function: name, options }], [], []);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(check("take_first")).toBeUndefined();
  expect(check("sentiment")).toMatch(/expected one of format_span, .*, got sentiment/);
  expect(check("custom")).toMatch(/custom, which runs a Python function/);
  expect(check("regex", { regex_pattern: "(" })).toMatch(/filter regex: pattern "\("/);
  expect(check("regex", { pattern: "a" })).toMatch(/expected options regex_pattern.*, got pattern/);
  expect(check("take_first_k")).toMatch(/k: expected a whole number, got nothing/);
  expect(check("map", { mapping_dict: ["a"] })).toMatch(/mapping_dict: expected a dict, got list/);
});
