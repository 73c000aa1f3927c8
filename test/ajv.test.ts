import { Type } from "@sinclair/typebox";
import { expect, it } from "vitest";
import { compileSchema, defaultsOf } from "../src/ajv.ts";
import { mixSchema } from "../src/contracts/recipe/mix.ts";
import { mapping } from "../src/schema.ts";

const schema = mapping({ a: Type.Integer(), b: Type.Integer({ default: 2 }) });

it("settings get their defaults and every mistake, data neither, replies lose what was not asked for", () => {
  const settings: unknown = { a: 1 };
  expect(compileSchema("settings", schema)(settings)).toBe(true);
  expect(settings).toEqual({ a: 1, b: 2 });
  const both = compileSchema("settings", schema);
  expect(both({ a: "x", b: "y" })).toBe(false);
  expect(both.errors).toHaveLength(2);

  const data: unknown = { a: 1 };
  const one = compileSchema("data", schema);
  expect(one(data)).toBe(true);
  expect(data).toEqual({ a: 1 });
  expect(one({ a: "x", b: "y" })).toBe(false);
  expect(one.errors).toHaveLength(1);
  expect(one({ a: 1, c: 3 })).toBe(false);

  const reply: unknown = { a: 1, c: 3 };
  expect(compileSchema("reply", schema)(reply)).toBe(true);
  expect(reply).toEqual({ a: 1 });
});

it("gives a section as it is when nothing is set, and says where that cannot be", () => {
  expect(defaultsOf(mixSchema)).toMatchObject({ max_seq_tokens: 4096, train_on: { roles: ["assistant"] } });
  expect(() => defaultsOf(schema)).toThrow(
    "defaultsOf: expected a default for every key, got none: must have required property 'a'",
  );
});
