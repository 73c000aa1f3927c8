import { expect, it } from "vitest";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { countingDevice } from "../../../src/engine/memory/counting-device.ts";
import { add } from "../../../src/engine/ops/add.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { compile } from "../../../src/engine/program.ts";

it("counts tensors at their most, with those that are kept, and not what lies outside", async () => {
  const device = countingDevice();
  const a = device.empty([1000]);
  const b = device.empty([1000]);
  device.release(a, b);
  device.empty([1000]);
  device.outside([1_000_000]);
  expect(device.counted()).toEqual({ tensors: 8000, uploads: 0, copies: 0, scratch: 0 });
});

it("counts what a program holds between its inputs and outputs, and the copy that is made of an output", async () => {
  const device = countingDevice();
  const graph = new Graph();
  const x = graph.input("x", ["T", 512]);
  const w = graph.input("w", [512, 512]);
  // Sums are made in the place of an operand.
  const [first, second] = [matmul(x, w), matmul(matmul(x, w, { alpha: 2 }), w)];
  const program = await compile(device, "test", { y: add(add(first, second), x) });
  const feeds = { x: device.outside([1024, 512]), w: device.outside([512, 512]) };
  await program.run(feeds);
  const once = device.counted();
  const bytes = 4 * 1024 * 512;
  expect(once.copies).toBe(bytes);
  expect(once.tensors).toBe(bytes);
  // Two values of 2 MiB at a time, whichever product is made first.
  expect(once.scratch).toBe(2 * bytes);
  await program.run(feeds);
  expect(device.counted().scratch).toBe(once.scratch);
});
