import { expect, test } from "vitest";
import { mapJsonParts, mapJsonText } from "../src/json-strings.ts";

test("texts and keys are mapped; numbers, spaces and texts that stay keep their spelling", () => {
  const json = '{"a": 1.0, "b\\u0061n": ["x", -0, 9007199254740993], "2": "\\u00e9"}';
  expect(mapJsonText(json, (text) => text.toUpperCase())).toBe(
    '{"A": 1.0, "BAN": ["X", -0, 9007199254740993], "2": "É"}',
  );
  expect(mapJsonText(json, (text) => text)).toBe(json);
});

test("a text of megabytes of escapes is no loop that runs out of stack", () => {
  const json = `{"a":"${'\\"'.repeat(4_000_000)}","b":NaN}`;
  const between: string[] = [];
  mapJsonParts(
    json,
    (text) => text,
    (part) => {
      between.push(part);
      return part;
    },
  );
  expect(between).toEqual(["{", ":", ",", ":NaN}"]);
});
