import type { Comparison } from "./oracle.ts";

/** Two values that have to be written the same in JSON. */
export function same(what: string, got: unknown, expected: unknown): Comparison {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  return { what, isRight: left === right, detail: `expected ${right}, got ${left}` };
}

/** What a function gives, or `{ error }` with what it throws. */
export function tried<T>(make: () => T): T | { error: string } {
  try {
    return make();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Something that has to fail, or to be a value that is written the same in JSON. */
export function sameOrFails(what: string, got: unknown, expected: unknown, fails: boolean): Comparison {
  if (!fails) return same(what, got, expected);
  const isRight = typeof got === "object" && got !== null && "error" in got;
  return { what, isRight, detail: `expected an error, got ${JSON.stringify(got)}` };
}
