import { afterAll, expect, it } from "vitest";
import { runGoldenCase } from "../../../scripts/golden.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { hostDevice } from "../../../src/engine/memory/host-device.ts";
import { emitOnnx } from "../../../src/engine/onnx/emit.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { compile } from "../../../src/engine/program.ts";
import { packagePath } from "../../../src/package-root.ts";

// What the cuda device does, but for the GPU: the same device over ONNX Runtime's CPU provider.
const device = hostDevice({ name: "baking", provider: "cpu", threads: 1, bakesFrozen: true });
afterAll(() => device.dispose());

const product = () => {
  const graph = new Graph();
  return { y: matmul(graph.input("x", ["T", 2]), graph.input("w", [2, 2])) };
};

it("a frozen input is an initializer of the model and no input", () => {
  const frozen = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const { bytes, inputs } = emitOnnx(product(), {}, { frozen: { w: frozen } });
  expect(inputs.map(({ name }) => name)).toEqual(["x"]);
  expect(Buffer.from(bytes).includes(Buffer.from(frozen.data.buffer))).toBe(true);
});

it("one program serves several frozen weights, and weights that are fed", async () => {
  const program = await compile(device, "product", product());
  const x = device.upload(Float32Array.of(1, 1), [1, 2]);
  const weights = [1, 10, 100].map((n) => device.upload(Float32Array.of(n, 0, 0, n), [2, 2]));
  for (const w of weights.slice(0, 2)) device.freeze(w);
  for (const round of [1, 2]) {
    for (const [i, w] of weights.entries()) {
      const { y } = await program.run({ x, w });
      expect([round, ...(await device.read(y!))]).toEqual([round, 10 ** i, 10 ** i]);
    }
  }
});

it("refuses to write what was frozen", async () => {
  const w = device.zeros([2, 2]);
  device.freeze(w);
  await expect(device.write(w, new Float32Array(4))).rejects.toMatchObject({
    code: "E_ENGINE",
    message: "baking: expected a tensor to write into, got one that was frozen",
  });
  const program = await compile(device, "product", product());
  await expect(program.run({ x: w, w }, { y: w })).rejects.toMatchObject({ code: "E_ENGINE" });
});

it("LoRA with the base model inside the programs is within the oracle's bounds, steps too", async () => {
  const lines = await runGoldenCase(packagePath("test", "fixtures", "golden", "lora-adamw"), device);
  expect(lines.map(({ what }) => what)).toContain("weights after steps");
  expect(lines.filter(({ error, bound }) => !(error <= bound))).toEqual([]);
});
