import { afterAll, describe, expect, it } from "vitest";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { Graph } from "../../src/engine/graph/graph.ts";
import { emitOnnx } from "../../src/engine/onnx/emit.ts";
import { add } from "../../src/engine/ops/add.ts";
import { compile } from "../../src/engine/program.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

const vector = (...values: number[]) => device.upload(Float32Array.from(values), [values.length]);

describe("programs", () => {
  const sum = () => {
    const graph = new Graph();
    return { y: add(graph.input("a", ["T"]), graph.input("b", ["T"])) };
  };

  it("serve any length, and equal graphs are the same bytes", async () => {
    expect(Buffer.from(emitOnnx(sum()).bytes).equals(emitOnnx(sum()).bytes)).toBe(true);
    const program = await compile(device, "sum", sum());
    for (const n of [1, 3]) {
      const { y } = await program.run({ a: vector(...Array(n).fill(1)), b: vector(...Array(n).fill(2)) });
      expect([...(await device.read(y!))]).toEqual(Array(n).fill(3));
    }
  });

  it("name what does not fit: a feed that is missing, and a symbol that stands for two numbers", async () => {
    const program = await compile(device, "sum", sum());
    await expect(program.run({ a: vector(1) })).rejects.toMatchObject({
      code: "E_ENGINE",
      message: "program sum: expected a feed b, got none",
    });
    await expect(program.run({ a: vector(1, 2), b: vector(1) })).rejects.toMatchObject({
      message: "program sum: b: expected shape [T=2], got [1]",
    });
  });

  it("refuse a tensor that was released", async () => {
    const program = await compile(device, "sum", sum());
    const { y } = await program.run({ a: vector(1), b: vector(2) });
    device.release(y!);
    await expect(program.run({ a: y!, b: vector(2) })).rejects.toMatchObject({ code: "E_ENGINE" });
  });
});
