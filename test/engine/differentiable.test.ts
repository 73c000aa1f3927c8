import { afterAll, expect, it } from "vitest";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { differentiable } from "../../src/engine/differentiable.ts";
import { mul } from "../../src/engine/ops/mul.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

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
