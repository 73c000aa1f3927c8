import { afterAll, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { differentiable } from "../../../src/engine/graph/differentiable.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { mul } from "../../../src/engine/ops/mul.ts";
import { silu } from "../../../src/engine/ops/silu.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

it("a backward program keeps products, computes activations again, and adds to gradients", async () => {
  const both = await differentiable(device, "silu of a product", (graph) => {
    const [x, w] = [graph.input("x", ["T", 2]), graph.input("w", [2, 2])];
    return { outputs: { y: silu(matmul(x, w)) }, active: { x }, trained: { w } };
  });
  expect(both.keptNames).toEqual(["kept.0"]);
  expect(both.backward!.model.inputs.map(({ name }) => name).sort()).toEqual([
    "d.y",
    "g.w",
    "kept.0",
    "w",
    "x",
  ]);
  const x = device.upload(Float32Array.of(1, 0), [1, 2]);
  const w = device.upload(Float32Array.of(0, 0, 0, 0), [2, 2]);
  const kept = await both.forwardKeeping.run({ x, w });
  const gradient = device.upload(Float32Array.of(10, 10, 10, 10), [2, 2]);
  const ones = device.upload(Float32Array.of(1, 1), [1, 2]);
  await both.backward!.run({ x, w, ...kept, "d.y": ones, "g.w": gradient }, { "s.w": gradient });
  expect([...(await device.read(gradient))]).toEqual([10.5, 10.5, 10, 10]);
});

const vector = (...values: number[]) => device.upload(Float32Array.from(values), [values.length]);

// Left out, every layer's gradient lost what the residual stream brings past it.
it("a cotangent that comes past the outputs is added to the input's", async () => {
  const square = await differentiable(device, "a square and a residual", (graph) => {
    const x = graph.input("x", ["T"]);
    return { outputs: { y: mul(x, x) }, active: { x }, trained: {}, bypass: { x } };
  });
  const x = vector(1, 2, -3);
  const cotangents = { "d.y": vector(1, 10, 1), "d.x": vector(100, 200, 300) };
  const { y: _, ...kept } = await square.forwardKeeping.run({ x });
  for (const [program, feeds] of [
    [square.backward!, { x, ...kept, ...cotangents }],
    [square.recomputing!, { x, ...cotangents }],
  ] as const) {
    const found = await program.run(feeds);
    // 2x · d.y + d.x
    expect([...(await device.read(found["grad.x"]!))]).toEqual([102, 240, 294]);
  }
});
