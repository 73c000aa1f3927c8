import { expect, test } from "vitest";
import { parseJson } from "../../../../src/datasets/files/json/parse-json.ts";

test.each([
  ['{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN"}', { a: null, b: [null, null], c: "NaN" }, 3],
  ['{"a": "say \\"NaN\\" or Infinity"}', { a: 'say "NaN" or Infinity' }, 0],
  ['{"a": "\\\\", "b": NaN}', { a: "\\", b: null }, 1],
])("%s", (text, value, notNumbers) => {
  expect(parseJson(text)).toMatchObject({ value, notNumbers });
});

test.each(['{"a": nan}', '{"a": -NaN}', '{"a": NaNa}', "{NaN: 1}", "{'a': NaN}", '{"NaN'])(
  "%s is no JSON",
  (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  },
);
