import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { Device, HostArray } from "../../../src/engine/device.ts";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { devices, openDevice } from "../../../src/engine/devices/index.ts";
import { Graph, type Value } from "../../../src/engine/graph/graph.ts";
import { add } from "../../../src/engine/ops/add.ts";
import { compile } from "../../../src/engine/program.ts";
import { available } from "../available.ts";
import { opSamples, type SampleGraph, uploadFeeds } from "../op-samples.ts";

const cpu = cpuDevice({ threads: 1 });
afterAll(() => cpu.dispose());

it("the catalog and the folder hold the same devices", () => {
  const helpers = ["index.ts", "tfjs-ops.ts"];
  const files = readdirSync(new URL("../../../src/engine/devices", import.meta.url));
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

    for (const { name: sample, build } of opSamples) {
      it(`${sample}: value and gradients as on the CPU`, async () => {
        const expected = await valuesOf(cpu, build());
        const got = await valuesOf(device, build());
        expect(got).toBeAllClose(expected, { atol: 2e-5 });
      });
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

/** A sample's value and gradients, by name. */
async function valuesOf(device: Device, { y, gradients, feeds }: SampleGraph) {
  const outputs: Record<string, Value> = { y };
  for (const { input, gradient } of gradients) outputs[`grad.${input}`] = gradient;
  const program = await compile(device, "sample", outputs);
  const values: Record<string, HostArray> = {};
  for (const [name, tensor] of Object.entries(await program.run(uploadFeeds(device, feeds)))) {
    values[name] = (await device.read(tensor)).slice();
  }
  return values;
}
