import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { gradients } from "../../src/engine/autodiff.ts";
import type { Device, HostArray, Tensor } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { devices, openDevice } from "../../src/engine/devices/index.ts";
import { elementCount } from "../../src/engine/element-count.ts";
import { Graph, type Op, type OpSample, type Value } from "../../src/engine/graph.ts";
import { add } from "../../src/engine/ops/add.ts";
import { ops } from "../../src/engine/ops/index.ts";
import { compile } from "../../src/engine/program.ts";
import { randomOf } from "../../src/random.ts";
import { available } from "./available.ts";

const cpu = cpuDevice({ threads: 1 });
afterAll(() => cpu.dispose());

it("the catalog and the folder hold the same devices", () => {
  const helpers = ["index.ts", "tfjs-ops.ts"];
  const files = readdirSync(new URL("../../src/engine/devices", import.meta.url));
  expect(files.filter((file) => !helpers.includes(file)).sort()).toEqual(
    Object.keys(devices)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});

it("a device that nobody has is told with those there are", async () => {
  await expect(openDevice("abacus")).rejects.toMatchObject({
    code: "E_ENGINE",
    message: expect.stringMatching(/^device: expected one of cpu, .*, got abacus$/),
  });
});

const others = await Promise.all((["tfjs", "webgpu"] as const).map(available));

for (const { name, device, skip, reason } of others) {
  describe.skipIf(skip)(`device ${name}${reason}`, () => {
    if (!device) return;
    afterAll(() => device.dispose());

    for (const [opName, op] of Object.entries(ops)) {
      for (const [index, sample] of op.samples.entries()) {
        it(`${opName} ${index}: value and gradients as on the CPU`, async () => {
          const expected = await runSample(cpu, op as unknown as Op, sample as OpSample, index);
          const got = await runSample(device, op as unknown as Op, sample as OpSample, index);
          expect(got).toBeAllClose(expected, { atol: 2e-5 });
        });
      }
    }

    it("adds into the tensor it is fed, through views of rows that overlap", async () => {
      const graph = new Graph();
      const y = add(graph.input("a", ["T", 2]), graph.input("b", ["T", 2]));
      const program = await compile(device, "sum", { y });
      const whole = device.zeros([4, 2]);
      for (const [start, end] of [
        [0, 2],
        [1, 3],
        [3, 4],
      ] as const) {
        const rows = device.rows(whole, start, end);
        const ones = device.upload(new Float32Array((end - start) * 2).fill(1), [end - start, 2]);
        await program.run({ a: rows, b: ones }, { y: rows });
      }
      expect([...(await device.read(whole))]).toEqual([1, 1, 2, 2, 1, 1, 1, 1]);
      expect([...(await device.read(device.reshape(device.rows(whole, 1, 2), [2])))]).toEqual([2, 2]);
      await device.write(device.rows(whole, 0, 1), Float32Array.of(7, 8));
      await device.clear(device.rows(whole, 2, 4));
      expect([...(await device.read(whole))]).toEqual([7, 8, 2, 2, 0, 0, 0, 0]);
    });

    it("refuses a tensor that was released, and one of another device", async () => {
      const gone = device.zeros([2]);
      device.release(gone);
      await expect(device.read(gone)).rejects.toMatchObject({ code: "E_ENGINE" });
      await expect(device.read(cpu.zeros([2]))).rejects.toMatchObject({
        message: `${name}: expected a tensor of this device, got one of cpu`,
      });
    });
  });
}

/** The op's value and the gradients of Σ y ∘ dy on seeded inputs, by name. */
async function runSample(
  device: Device,
  op: Op,
  sample: OpSample,
  index: number,
): Promise<Record<string, HostArray>> {
  const random = randomOf(index + 1, "sample");
  const graph = new Graph();
  const feeds: Record<string, Tensor> = {};
  const feed = (name: string, shape: readonly number[], next: () => number): void => {
    const size = elementCount(shape);
    feeds[name] = device.upload(Float32Array.from({ length: size }, next), shape);
  };
  const inputs = sample.inputs.map((spec, i) => {
    const name = `x${i}`;
    if ("below" in spec) {
      const size = elementCount(spec.shape);
      feeds[name] = device.upload(
        Int32Array.from({ length: size }, () => random.below(spec.below)),
        spec.shape,
      );
      return graph.input(name, spec.shape, "int32");
    }
    feed(name, spec.shape, () => (spec.positive ? 0.5 + random.next() : 2 * random.next() - 1));
    return graph.input(name, spec.shape);
  });
  const [y] = graph.apply(op, inputs, sample.attributes);
  const dy = graph.input("dy", y!.shape);
  feed("dy", y!.shape as number[], () => 2 * random.next() - 1);
  if (y!.origin.kind !== "node") throw new Error("an op's output comes from a node");
  const reached = op.vjp(y!.origin.node, [dy]).map((v) => v !== null);
  const found = gradients(
    [[y!, dy]],
    inputs.filter((_, i) => reached[i]),
  );
  const outputs: Record<string, Value> = { y: y! };
  for (const [i, gradient] of found.entries()) outputs[`g${i}`] = gradient;
  const program = await compile(device, op.name, outputs);
  const results = await program.run(feeds);
  const values: Record<string, HostArray> = {};
  for (const [name, tensor] of Object.entries(results)) values[name] = (await device.read(tensor)).slice();
  return values;
}
