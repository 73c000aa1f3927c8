import { expect, it } from "vitest";
import { adamw } from "../../../src/finetune/optimizers/adamw.ts";
import { lion } from "../../../src/finetune/optimizers/lion.ts";
import { kernelArrays, kernelOf } from "../../../src/finetune/update/kernel-memory.ts";

// Memory that is not touched is not there.
it("has several memories where one is too small, and none for what no memory can hold", () => {
  const lengths = [2 ** 27, 2 ** 27, 3, 2 ** 28];
  const groups = kernelArrays(adamw, lengths);
  expect(groups.map((group) => group.map(({ length }) => length))).toEqual(
    lengths.map((length) => [length, length, length, length]),
  );
  const [first, second, third, fourth] = groups.map((group) => kernelOf(adamw, group));
  expect([first, second].includes(undefined) || first === second).toBe(false);
  expect(third).toBe(second);
  expect(fourth).toBe(undefined);
});

it("has as many arrays as the rule, and no kernel for those of another rule or of two tensors", () => {
  const [one, two] = kernelArrays(lion, [5, 7]);
  expect(one!.map(({ length }) => length)).toEqual([5, 5, 5]);
  expect(kernelOf(lion, one!)?.rule).toBe(lion);
  expect(kernelOf(adamw, one!)).toBe(undefined);
  expect(kernelOf(lion, [one![0]!, two![1]!])).toBe(kernelOf(lion, two!));
  expect(kernelOf(lion, [one![0]!, new Float32Array(5)])).toBe(undefined);
});
