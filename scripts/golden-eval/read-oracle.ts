import { readFileSync } from "node:fs";
import { type Comparison, isClose } from "./oracle.ts";

/** An oracle file as JSON, of the shape that its README says. */
export function readOracle<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** "nan" and the like as numbers. */
export function numberOf(value: number | string | boolean): number {
  if (value === "nan") return Number.NaN;
  return Number(value);
}

/** Figures by name, each within 1e-9. */
export function compareFigures(
  what: string,
  got: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number | string | boolean>>,
): Comparison {
  const wrong = Object.entries(expected).filter(
    ([name, value]) => !isClose(got[name] ?? Number.NEGATIVE_INFINITY, numberOf(value)),
  );
  return {
    what,
    isRight: wrong.length === 0,
    detail: wrong.map(([name, value]) => `${name}: expected ${value}, got ${got[name]}`).join("; "),
  };
}

/** A value that has to be the same. */
export function compareSame(what: string, got: unknown, expected: unknown): Comparison {
  const [one, other] = [JSON.stringify(got), JSON.stringify(expected)];
  return { what, isRight: one === other, detail: `expected ${other}, got ${one}` };
}
