import { afterAll, describe, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { gradients } from "../../../src/engine/graph/autodiff.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { concat } from "../../../src/engine/ops/concat.ts";
import { mul } from "../../../src/engine/ops/mul.ts";
import { slice } from "../../../src/engine/ops/slice.ts";
import { compile } from "../../../src/engine/program.ts";
import { ShapeError } from "../../../src/errors.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

describe("a symbolic length and a known one", () => {
  const cases = [
    { name: "behind it", parts: ["a", "b"], ofA: [0, -1], ofB: [-1, 0] },
    { name: "before it", parts: ["b", "a"], ofA: [1, 0], ofB: [0, 1] },
  ] as const;
  for (const { name, parts, ofA, ofB } of cases) {
    it(`${name} are cut apart again, and so are their gradients`, async () => {
      const graph = new Graph();
      const given = { a: graph.input("a", [2, "S"]), b: graph.input("b", [2, 1]) };
      const whole = concat(
        parts.map((part) => given[part]),
        1,
      );
      expect(whole.shape).toEqual([2, "S+1"]);
      const [a, b] = [slice(whole, 1, ofA[0], ofA[1]), slice(whole, 1, ofB[0], ofB[1])];
      expect([a.shape, b.shape]).toEqual([
        [2, "S"],
        [2, 1],
      ]);
      for (const [start, end] of [
        [-2, 0],
        [0, 2],
        [1, -1],
        [0, -2],
      ] as const)
        expect(() => slice(whole, 1, start, end)).toThrow(ShapeError);
      // Of Σ a² + Σ b³: 2a and 3b².
      const [da, db] = gradients(
        [
          [mul(a, a), graph.input("da", [2, "S"])],
          [mul(b, mul(b, b)), graph.input("db", [2, 1])],
        ],
        [given.a, given.b],
      );
      const program = await compile(device, "cut apart", { "grad.a": da!, "grad.b": db! });
      const found = await program.run({
        a: device.upload(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
        b: device.upload(Float32Array.of(7, 8), [2, 1]),
        da: device.upload(new Float32Array(6).fill(1), [2, 3]),
        db: device.upload(new Float32Array(2).fill(1), [2, 1]),
      });
      expect([...(await device.read(found["grad.a"]!))]).toEqual([2, 4, 6, 8, 10, 12]);
      expect([...(await device.read(found["grad.b"]!))]).toEqual([3 * 49, 3 * 64]);
    });
  }
});
