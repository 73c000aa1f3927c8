import { expect, it } from "vitest";
import { LiteralError, literalEval } from "../../../src/harness/python/literal-eval.ts";
import { floatText } from "../../../src/jinja/values/float-text.ts";
import { isList, PyDict, PyFloat, PyTuple, type Value } from "../../../src/jinja/values/values.ts";
import { readParts } from "../parts.ts";

/** As the fixture writes values, so that 1, 1.0 and True differ. */
function written(value: Value): unknown {
  if (typeof value === "number" || typeof value === "bigint") return { int: String(value) };
  if (value instanceof PyFloat) return { float: floatText(value.value) };
  if (value instanceof PyTuple) return { tuple: value.items.map(written) };
  if (value instanceof PyDict)
    return { dict: Array.from(value.entries(), (entry) => entry.map((one) => written(one))) };
  return isList(value) ? value.map(written) : value;
}

it("reads what ast.literal_eval reads, and refuses what it refuses", () => {
  const { literals } = readParts();
  expect(literals.length).toBeGreaterThan(200);
  for (const [text, { v, e }] of literals) {
    if (e !== undefined) expect(() => literalEval(text), `${JSON.stringify(text)}: ${e}`).toThrow();
    else expect(written(literalEval(text)), JSON.stringify(text)).toEqual(v);
  }
});

it("refuses what is too deep, and names what it does not read", () => {
  expect(() => literalEval("[".repeat(5000))).toThrow(LiteralError);
  expect(() => literalEval("[".repeat(5000))).toThrow(/at most 200 levels/);
  expect(() => literalEval("b'x'")).toThrow(/bytes and f-strings are not read/);
  expect(() => literalEval("{1, 2}")).toThrow(/sets are not read/);
});
