import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pythonFilters } from "../../../src/harness/filters/catalog/index.ts";
import { PyDict, type Value } from "../../../src/jinja/values/values.ts";

interface Case {
  filter: string;
  options: Record<string, string | number | boolean | Record<string, string>>;
  input: string;
  answer: string;
  /** Upstream's filter ended without an exception. */
  ok: boolean;
  value: string;
}

/** What the Python filters of lm-evaluation-harness's bbh/zeroshot/utils.py make of random answers. */
const cases = JSON.parse(
  readFileSync(new URL("../fixtures/bbh-filters.json", import.meta.url), "utf8"),
) as Case[];

function apply({ filter, options, input, answer }: Case): Value {
  const given = Object.entries(options).map(([key, value]): [string, Value] => [
    key,
    typeof value === "object" ? PyDict.of(Object.entries(value)) : value,
  ]);
  const made = pythonFilters.find(({ name }) => name === filter)!.make(Object.fromEntries(given));
  return (made([answer], PyDict.of([["input", input]])) as Value[])[0]!;
}

describe.each(["bbh_map", "bbh_multi_choice", "bbh_number", "bbh_word_sort"])("%s", (name) => {
  const own = cases.filter(({ filter }) => filter === name);

  it("gives what upstream's Python gives", () => {
    const right = own.filter(({ ok }) => ok);
    expect(right.length).toBeGreaterThan(20);
    expect(right.map(apply)).toEqual(right.map(({ value }) => value));
  });

  it("fails where upstream's Python does", () => {
    for (const one of own.filter(({ ok }) => !ok)) expect(() => apply(one)).toThrow("expected");
  });
});
