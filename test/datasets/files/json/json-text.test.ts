import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonTextOf, noteSources } from "../../../../src/datasets/files/json/json-text.ts";

function reread(text: string, at: (value: never) => unknown): string {
  const value = JSON.parse(text) as never;
  noteSources(value, text);
  return jsonTextOf(at(value));
}

test.each([
  ['{"n": 1.0}', '{"n":1.0}'],
  ['{"n": 1e5, "m": -0, "k": 2.50}', '{"n":1e5,"m":-0,"k":2.50}'],
  ['{"n": 9007199254740993}', '{"n":9007199254740993}'],
  // JavaScript puts keys that are numbers first.
  ['{"b": 1, "10": 2, "2": 3}', '{"b":1,"10":2,"2":3}'],
  ['{"a\\u00e9\\n": "\\u00e9 ", "n": 1.0}', '{"aé\\n":"é ","n":1.0}'],
])("%s is %s", (given, text) => {
  expect(reread(`{"x": [${given}], "arguments": 0}`, ({ x }: { x: unknown[] }) => x[0])).toBe(text);
});

test("of a key that comes twice, the last", () => {
  const text = '{"a": {"x": {"y": 1.0}}, "a": {"x": {"z": 2.0}}}';
  expect(reread(text, ({ a }: { a: { x: object } }) => a.x)).toBe('{"z":2.0}');
});

test("whatever JSON: the same value", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      const text = `{"x": ${json}, "n": 1.0}`;
      const back = JSON.parse(reread(text, (value) => value)) as { x: unknown };
      expect(back.x).toEqual(JSON.parse(json));
    }),
    { numRuns: 500 },
  );
});
