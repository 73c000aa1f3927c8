import { Type } from "@sinclair/typebox";
import { describe, expect, expectTypeOf, it } from "vitest";
import { namedAt, namedProblems } from "../../src/recipe/named.ts";
import { entryOf, noOptions, readOptions, withOptions } from "../../src/recipe/options.ts";
import { choice, mapOf, mapping, orNull } from "../../src/schema.ts";

const options = {
  count: Type.Integer({ minimum: 1, default: 3, expected: "a whole number from 1" }),
  form: Type.Optional(choice(["short", "long"])),
  shares: mapOf(Type.Number({ maximum: 1 }), { default: { a: 0.5 } }),
  price: Type.Optional(mapping({ input: Type.Number(), output: Type.Number() })),
};

function problemsOf(given: unknown): string[] {
  const problems: string[] = [];
  expect(readOptions(mapping(options), given, "filters[0].options", problems)).toBeNull();
  return problems;
}

describe("options", () => {
  it("come whole, with the type that they are declared with, and what was given stays as it was", () => {
    const given = { form: "long" };
    const { open } = withOptions(options, (chosen) => chosen);
    const problems: string[] = [];
    const chosen = open(given, "here", problems);
    expect(chosen).toEqual({ count: 3, form: "long", shares: { a: 0.5 } });
    expect(problems).toEqual([]);
    expect(given).toEqual({ form: "long" });
    expectTypeOf(chosen!.count).toEqualTypeOf<number>();
    expectTypeOf(chosen!.form).toEqualTypeOf<"short" | "long" | undefined>();
    expectTypeOf(chosen!.shares).toEqualTypeOf<Record<string, number>>();
  });

  it("that do not fit are all told, each where it stands", () => {
    expect(problemsOf({ counts: 1, form: "tiny", shares: { b: 2 }, price: { input: 1, sum: 2 } })).toEqual([
      "filters[0].options.counts: expected one of count, form, shares, price, got counts; did you mean count?",
      'filters[0].options.form: expected one of short, long, got "tiny"',
      'filters[0].options.shares.b: expected <= 1, got {"b":2}',
      "filters[0].options.price.output: expected a value, got nothing",
      "filters[0].options.price.sum: expected one of input, output, got sum",
    ]);
  });

  it("say what they expect in their own words, once", () => {
    expect(problemsOf({ count: 0.5 })).toEqual([
      "filters[0].options.count: expected a whole number from 1, got 0.5",
    ]);
  });

  it("are none where there are none", () => {
    const problems: string[] = [];
    expect(readOptions(noOptions, undefined, "here", problems)).toEqual({});
    expect(readOptions(noOptions, { a: 1 }, "here", problems)).toBeNull();
    expect(problems).toEqual(["here.a: expected no options, got a"]);
  });
});

describe("names", () => {
  const known = { length: mapping(options), refusal: noOptions };

  it("that a catalog does not have are told with the nearest one", () => {
    const path = ["data", "curate", "filters", 0];
    expect(namedProblems(namedAt("filter", { name: "lenght" }, path), known)).toEqual([
      { path: [...path, "name"], message: "unknown filter lenght; did you mean length?" },
    ]);
    expect(namedProblems(namedAt("filter", { name: "refusal", options: { a: 1 } }, path), known)).toEqual([
      { path: [...path, "options", "a"], message: "expected no options, got a" },
    ]);
  });

  it("of what every object has are no entries", () => {
    expect(entryOf({ a: 1 }, "toString")).toBeUndefined();
    expect(entryOf({ a: 1 }, "a")).toBe(1);
  });
});

it("a nullable key takes null, and one with a default need not be there", () => {
  const schema = mapping({ share: orNull(Type.Number({ maximum: 1, default: null })), name: Type.String() });
  expect(schema.required).toEqual(["name"]);
  expect(readOptions(schema, { name: "a" }, "here", [])).toEqual({ share: null, name: "a" });
});
