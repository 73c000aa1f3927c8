import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { ops } from "../../../src/engine/ops/index.ts";
import { compile } from "../../../src/engine/program.ts";
import { opSamples, uploadFeeds } from "../op-samples.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe("every op's gradient equals finite differences on its samples", () => {
  for (const { name, build } of opSamples) {
    it(name, async () => {
      const sample = build();
      expect(sample.gradients.length).toBeGreaterThan(0);
      const feeds = uploadFeeds(device, sample.feeds);
      const forward = await compile(device, name, { y: sample.y });
      const outputs = Object.fromEntries(
        sample.gradients.map(({ input, gradient }) => [`grad.${input}`, gradient]),
      );
      const backward = await compile(device, `${name} backward`, outputs);
      const results = await backward.run(feeds);
      const { data: seeds } = sample.feeds.dy!;
      const objective = async () => {
        const { y } = await forward.run(feeds);
        return sum(Array.from(await device.read(y!), (v, i) => v * seeds[i]!));
      };
      for (const { input } of sample.gradients) {
        const data = (await device.read(feeds[input]!)) as Float32Array;
        const gradient = results[`grad.${input}`]!;
        expect(gradient.shape).toEqual(feeds[input]!.shape);
        const slopes: number[] = [];
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
        expect(await device.read(gradient)).toBeAllClose(slopes, { atol: 5e-4 });
      }
    });
  }
});

it("the catalog and the folder hold the same ops", () => {
  const helpers = ["elementwise.ts", "index.ts"];
  const files = readdirSync(new URL("../../../src/engine/ops", import.meta.url)).filter(
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
