import { afterAll, expect, it } from "vitest";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { differentiable } from "../../src/engine/differentiable.ts";
import { matmul } from "../../src/engine/ops/matmul.ts";
import { silu } from "../../src/engine/ops/silu.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

it("a backward program keeps matrix products, computes activations again, and adds to the gradients it is given", async () => {
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
