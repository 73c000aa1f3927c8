import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson, sha256Of } from "../../src/recipe/hash.ts";

it("does not depend on the order of keys or on undefined ones", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "é" }], a: undefined })).toBe('{"b":[1,{"c":"é","d":null}]}');
  expect(sha256Of({ a: 1, b: 2 })).toBe(sha256Of({ b: 2, a: 1 }));
  expect(sha256Of({ a: 1 })).not.toBe(sha256Of({ a: "1" }));
  expect(sha256Of({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
});

it("is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("refuses what JSON cannot hold", () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow("expected a finite number, got NaN");
  expect(() => canonicalJson({ a: () => 1 })).toThrow("expected a plain value, got function");
});
