import { expect, test } from "vitest";
import { evenly } from "../../../src/datasets/sources/spread-evenly.ts";

const chosen = (total: number, limit: number) => {
  const isChosen = evenly(total, limit);
  return Array.from({ length: total }, isChosen).flatMap((is, i) => (is ? [i] : []));
};

test("exactly as many as the limit, as far apart as they can be", () => {
  expect(chosen(10, 2)).toEqual([4, 9]);
  expect(chosen(10, 3)).toEqual([3, 6, 9]);
  expect(chosen(7, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(chosen(4, 0)).toEqual([]);
});

test("all where there are no more than the limit", () => {
  expect(chosen(3, 3)).toEqual([0, 1, 2]);
  expect(chosen(3, 5)).toEqual([0, 1, 2]);
});
