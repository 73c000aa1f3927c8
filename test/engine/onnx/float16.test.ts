import { afterAll, expect, it } from "vitest";
import { UnusableDevice } from "../../../src/engine/choice/unusable-device.ts";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { hostDevice } from "../../../src/engine/memory/host-device.ts";
import { emitOnnx } from "../../../src/engine/onnx/emit.ts";
import { inFloat16 } from "../../../src/engine/onnx/float16.ts";
import { attention } from "../../../src/engine/ops/attention.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { compile } from "../../../src/engine/program.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../available.ts";

const cpu = cpuDevice({ threads: 1 });
afterAll(() => cpu.dispose());

const product = () => {
  const graph = new Graph();
  return { y: matmul(graph.input("a", ["T", 3]), graph.input("b", [2, 3]), { transB: true }) };
};

it("a product in float16 is that of rounded operands, rounded", async () => {
  const half = await inFloat16(cpu);
  const random = randomOf(1, "half");
  const [a, b] = [6, 6].map((n) => Float32Array.from({ length: n }, () => random.normal())) as [
    Float32Array,
    Float32Array,
  ];
  a[0] = 300;
  b[0] = 300;
  const program = await compile(half, "product", product());
  const feeds = { a: half.upload(a, [2, 3]), b: half.upload(b, [2, 3]) };
  const got = await half.read((await program.run(feeds)).y!);
  for (const [i, j] of [
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const exact = [0, 1, 2].reduce(
      (sum, k) => sum + Math.f16round(a[i * 3 + k]!) * Math.f16round(b[j * 3 + k]!),
      0,
    );
    expect(got[i * 2 + j]).toBe(Math.f16round(exact));
  }
  // 300 · 300 is more than float16 holds: an overflow is seen, not hidden.
  expect(got[0]).toBe(Number.POSITIVE_INFINITY);
});

it("the same graph is another program in float16, on the same tensors", async () => {
  const half = await inFloat16(cpu);
  const third = cpu.upload(Float32Array.of(1 / 3, 0, 0), [1, 3]);
  const b = cpu.upload(Float32Array.of(1, 0, 0, 0, 0, 0), [2, 3]);
  const single = await (await compile(cpu, "product", product())).run({ a: third, b });
  const rounded = await (await compile(half, "product", product())).run({ a: third, b });
  expect((await cpu.read(single.y!))[0]).toBe(Math.fround(1 / 3));
  expect((await cpu.read(rounded.y!))[0]).toBe(Math.f16round(1 / 3));
});

it("the model for a GPU with float16 is one that ONNX Runtime takes, frozen weights too", async () => {
  const gpu = {
    ...hostDevice({ name: "as cuda", provider: "cpu", bakesFrozen: true }),
    precision: "float16",
  } as const;
  const graph = new Graph();
  const [q, k, v] = [graph.input("q", ["T", 4]), graph.input("k", ["T", 4]), graph.input("v", ["T", 4])];
  const visible = {
    mask: graph.input("mask", ["T", "T"]),
    seesSeveral: graph.input("seesSeveral", ["T", 1]),
  };
  const y = matmul(attention(q, k, v, { heads: 2, keyHeads: 2 }, visible), graph.input("w", [4, 4]));
  const program = await compile(gpu, "attention", { y });
  const ones = gpu.upload(new Float32Array(8).fill(1), [2, 4]);
  const w = gpu.upload(new Float32Array(16).fill(0.5), [4, 4]);
  gpu.freeze(w);
  const masks = { mask: gpu.zeros([2, 2]), seesSeveral: gpu.upload(Float32Array.of(1, 1), [2, 1]) };
  const { y: out } = await program.run({ q: ones, k: ones, v: ones, ...masks, w });
  expect([...(await gpu.read(out!))]).toEqual(Array(8).fill(2));
  const halves = emitOnnx({ y }, {}, { precision: "float16" }).bytes;
  expect(Buffer.from(halves).toString("latin1").split("Cast").length).toBeGreaterThan(
    Buffer.from(emitOnnx({ y }).bytes).toString("latin1").split("Cast").length,
  );
  await gpu.dispose();
});

for (const name of ["tfjs", "webgpu"] as const) {
  it(`${name} computes in float16 or says that it cannot and what to do`, async (context) => {
    const { device, reason } = await available(name);
    if (!device) return context.skip(reason);
    try {
      const half = await inFloat16(device);
      const third = half.upload(Float32Array.of(1 / 3, 0, 0), [1, 3]);
      const b = half.upload(Float32Array.of(1, 0, 0, 0, 0, 0), [2, 3]);
      const { y } = await (await compile(half, "product", product())).run({ a: third, b });
      expect((await half.read(y!))[0]).toBe(Math.f16round(1 / 3));
    } catch (error) {
      expect(error).toBeInstanceOf(UnusableDevice);
      expect((error as UnusableDevice).advice).toBe("Set finetune.compute_dtype to float32.");
    } finally {
      await device.dispose();
    }
  });
}
