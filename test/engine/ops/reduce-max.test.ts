import { afterAll, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { gradients } from "../../../src/engine/graph/autodiff.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { reduceMax } from "../../../src/engine/ops/reduce-max.ts";
import { compile } from "../../../src/engine/program.ts";
import { EngineError } from "../../../src/errors.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

it("the largest value has no gradient, and says so", async () => {
  const graph = new Graph();
  const x = graph.input("x", [2, 3]);
  const most = reduceMax(x, 1);
  expect(() => gradients([[most, graph.input("d", [2, 1])]], [x])).toThrow(EngineError);
  const program = await compile(device, "largest", { most, least: reduceMax(x, 0) });
  const found = await program.run({ x: device.upload(Float32Array.of(1, 5, -2, -7, -3, -4), [2, 3]) });
  expect([...(await device.read(found.most!))]).toEqual([5, -3]);
  expect([...(await device.read(found.least!))]).toEqual([1, 5, -2]);
});
