import { expect, it } from "vitest";
import { editDistance, nearest, suggestion } from "../../src/recipe/nearest.ts";

it("counts inserts, deletes, replacements and swaps of neighbours", () => {
  expect(editDistance("lr", "lrr")).toBe(1);
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("wieght", "weight")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
});

it("names the nearest, or nothing when more than half would change", () => {
  expect(nearest("batchsize", ["lr", "batch_size"])).toBe("batch_size");
  expect(nearest("zzz", ["lr", "epochs"])).toBeUndefined();
  expect(suggestion("zzz", ["lr", "epochs"])).toBe("known are lr, epochs");
});
