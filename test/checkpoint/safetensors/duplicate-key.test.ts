import fc from "fast-check";
import { expect, it } from "vitest";
import { duplicateKey } from "../../../src/checkpoint/safetensors/duplicate-key.ts";

it.each([
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"b":2,"a":3}', "a"],
  ['{"a":{"b":1},"b":{"b":2}}', undefined],
  ['{"x":{"shape":[1],"shape":[2]}}', "shape"],
  // Equal once escapes are read.
  ['{"a":1,"\\u0061":2}', "a"],
  // Strings that are values, and quotes and braces within strings, are no keys.
  ['{"a":"b","b":"a","c":["a","a"],"d":"{\\"a\\":1,"}', undefined],
  ['{"a\\\\":1,"a\\\\":2}', "a\\"],
])("finds the repeated key of %s", (text, key) => {
  expect(duplicateKey(text)).toBe(key);
});

it("finds none in what JSON.stringify writes, and one when a member is repeated", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const text = JSON.stringify(object);
      expect(duplicateKey(text)).toBeUndefined();
      const [key] = Object.keys(object);
      expect(duplicateKey(`${text.slice(0, -1)},${JSON.stringify(key)}:0}`)).toBe(key);
    }),
  );
});
