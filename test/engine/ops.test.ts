import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { gradients } from "../../src/engine/autodiff.ts";
import type { Tensor } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { elementCount } from "../../src/engine/element-count.ts";
import { Graph, type Op, type Value } from "../../src/engine/graph.ts";
import { concat } from "../../src/engine/ops/concat.ts";
import { ops } from "../../src/engine/ops/index.ts";
import { mul } from "../../src/engine/ops/mul.ts";
import { reduceMax } from "../../src/engine/ops/reduce-max.ts";
import { slice } from "../../src/engine/ops/slice.ts";
import { compile } from "../../src/engine/program.ts";
import { EngineError, ShapeError } from "../../src/errors.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

/** Mulberry32: small, seeded, good enough for test data. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe("every op's gradient equals finite differences on its samples", () => {
  for (const [name, entry] of Object.entries(ops)) {
    const op = entry as unknown as Op;
    for (const [index, sample] of op.samples.entries()) {
      it(`${name} ${index}`, async () => {
        const random = randoms(index + 1);
        const graph = new Graph();
        const feeds: Record<string, Tensor> = {};
        const inputs = sample.inputs.map((spec, i) => {
          const size = elementCount(spec.shape);
          const isIndex = "below" in spec;
          const data = isIndex
            ? Int32Array.from({ length: size }, () => Math.floor(random() * spec.below))
            : Float32Array.from({ length: size }, () => (spec.positive ? 0.5 + random() : 2 * random() - 1));
          feeds[`x${i}`] = device.upload(data, spec.shape);
          return graph.input(`x${i}`, spec.shape, isIndex ? "int32" : "float32");
        });
        const [y] = graph.apply(op, inputs, sample.attributes);
        const dy = graph.input("dy", y!.shape);
        const seeds = Float32Array.from(
          { length: y!.shape.reduce<number>((n, d) => n * (d as number), 1) },
          () => 2 * random() - 1,
        );
        feeds.dy = device.upload(seeds, y!.shape as number[]);
        if (y!.origin.kind !== "node") throw new Error("an op's output comes from a node");
        const reached = op.vjp(y!.origin.node, [dy]).map((v) => v !== null);
        const wrt = inputs.filter((_, i) => reached[i]);
        expect(wrt.length).toBeGreaterThan(0);
        const grads = gradients([[y!, dy]], wrt);

        const forward = await compile(device, name, { y: y! });
        const outputs: Record<string, Value> = Object.fromEntries(grads.map((g, i) => [`g${i}`, g]));
        const backward = await compile(device, `${name} backward`, outputs);
        const results = await backward.run(feeds);
        const objective = async () => {
          const { y: out } = await forward.run(feeds);
          return sum(Array.from(await device.read(out!), (v, i) => v * seeds[i]!));
        };
        for (const [g, value] of wrt.entries()) {
          if (value.origin.kind !== "input") throw new Error("differentiated values are inputs");
          const data = (await device.read(feeds[value.origin.name]!)) as Float32Array;
          const slopes: number[] = [];
          expect(results[`g${g}`]!.shape).toEqual(value.shape);
          const step = 1 / 128;
          for (let i = 0; i < data.length; i++) {
            const kept = data[i]!;
            data[i] = kept + step;
            const up = await objective();
            data[i] = kept - step;
            const down = await objective();
            data[i] = kept;
            slopes.push((up - down) / (2 * step));
          }
          expect(await device.read(results[`g${g}`]!)).toBeAllClose(slopes, { atol: 5e-4 });
        }
      });
    }
  }
});

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

it("the catalog and the folder hold the same ops", () => {
  const helpers = ["elementwise.ts", "index.ts"];
  const files = readdirSync(new URL("../../src/engine/ops", import.meta.url)).filter(
    (f) => !helpers.includes(f),
  );
  const kebab = (name: string) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  expect(files.sort()).toEqual(
    Object.keys(ops)
      .map((name) => `${kebab(name)}.ts`)
      .sort(),
  );
  for (const [name, op] of Object.entries(ops)) expect(op.name).toBe(name);
});
