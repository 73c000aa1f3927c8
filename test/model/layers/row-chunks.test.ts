import { expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { add } from "../../../src/engine/ops/add.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { compile } from "../../../src/engine/program.ts";
import { byRows } from "../../../src/model/layers/row-chunks.ts";

it("rows run in pieces give each row's own output and the sum over all rows", async () => {
  const device = cpuDevice({ threads: 1 });
  const graph = new Graph();
  const x = graph.input("x", ["T", 3]);
  const w = graph.input("w", [3, 2]);
  const program = await compile(device, "pieces", {
    y: matmul(x, w),
    total: add(graph.input("g", [3, 2]), matmul(x, graph.input("d", ["T", 2]), { transA: true })),
  });
  const T = 4099; // three pieces, the last one shorter
  const values = Float32Array.from({ length: T * 3 }, (_, i) => (i % 7) - 3);
  const feeds = {
    x: device.upload(values, [T, 3]),
    w: device.upload(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]),
    d: device.upload(new Float32Array(T * 2).fill(1), [T, 2]),
  };
  const sum = device.zeros([3, 2]);
  const { y } = await byRows(device, program, { ...feeds, g: sum }, { total: sum });
  const whole = await program.run({ ...feeds, g: device.zeros([3, 2]) });
  expect(y!.shape).toEqual([T, 2]);
  expect(await device.read(y!)).toEqual(await device.read(whole.y!));
  // Whole numbers, so that the order of additions changes nothing.
  expect(await device.read(sum)).toEqual(await device.read(whole.total!));
});
