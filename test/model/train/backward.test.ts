import { describe, expect, it } from "vitest";
import { elementCount } from "../../../src/engine/graph/element-count.ts";
import { createOptimizer } from "../../../src/finetune/update/optimizer.ts";
import type { Training } from "../../../src/model/layers/layer.ts";
import { tokenNll } from "../../../src/model/score.ts";
import { backpropagate } from "../../../src/model/train/backward.ts";
import { trainedNames } from "../../../src/model/trained-names.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../../engine/available.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const segments = [9, 1, 17, 4, 30];
const length = segments.reduce((a, b) => a + b, 0);

/** Slices of a packed array, one a segment. */
const parts = <T extends Int32Array | Float32Array>(array: T, width = 1) =>
  segments.map((n, i) => {
    const start = segments.slice(0, i).reduce((a, b) => a + b, 0);
    return array.slice(start * width, (start + n) * width) as T;
  });

it("activation checkpointing gives the same loss and gradients to the bit", async () => {
  for (const kind of ["full", "lora"] as const) {
    const training =
      kind === "full" ? { kind } : { kind, r: 3, alpha: 6, modules: ["q_proj", "down_proj"] as const };
    const network = await tinyNetwork(tinyConfig(), training);
    const names = trainedNames(network.config, network.training);
    const segments = [40, 1, 23];
    const ids = randomIds(64, 61);
    const batch = {
      ids,
      targets: randomIds(64, 61, 2),
      weights: new Float32Array(64).fill(1 / 64),
      segments,
    };
    const [kept, again] = [
      await createOptimizer(network.weights, names),
      await createOptimizer(network.weights, names),
    ];
    const one = await backpropagate(network, batch, kept.gradients, "none");
    const two = await backpropagate(network, batch, again.gradients, "layer");
    expect(two).toEqual(one);
    for (const name of names) {
      expect(await network.device.read(again.gradients.get(name))).toEqual(
        await network.device.read(kept.gradients.get(name)),
      );
    }
  }
});

describe("each tensor's gradient is the slope of the loss along it", () => {
  for (const [kind, training] of [
    ["full", { kind: "full" }],
    ["untied", { kind: "full" }],
    [
      "lora",
      { kind: "lora", r: 2, alpha: 6, modules: ["q_proj", "v_proj", "o_proj", "gate_proj", "down_proj"] },
    ],
  ] as const satisfies [string, Training][]) {
    it(kind, async () => {
      const config = tinyConfig({ tie_word_embeddings: kind !== "untied" });
      const network = await tinyNetwork(config, training);
      const { device, weights } = network;
      const names = trainedNames(config, network.training);
      const random = randomOf(3, "slopes");
      // B is 0 where training starts, and A's gradient with it.
      for (const name of names.filter((one) => one.includes("lora_B"))) {
        const { shape } = weights.get(name);
        const values = Float32Array.from({ length: elementCount(shape) }, () => 0.3 * random.normal());
        await device.write(weights.get(name), values);
      }
      const [ids, targets] = [
        randomIds(30, 61),
        randomIds(30, 61, 2).map((id, t) => (t % 4 === 0 ? -100 : id)),
      ];
      const batch = {
        ids,
        targets,
        weights: Float32Array.from(ids, (_, t) => (1 + (t % 3)) / 30),
        segments: [17, 1, 12],
      };
      const { gradients } = await createOptimizer(weights, names);
      const { loss } = await backpropagate(network, batch, gradients);
      const lossOf = async () => {
        const nll = await tokenNll(network, ids, targets, batch.segments);
        return nll.reduce((sum, value, t) => sum + value * batch.weights[t]!, 0);
      };
      expect(loss).toBeAllClose(await lossOf(), { rtol: 1e-6 });
      const slopes: Record<string, number> = {};
      const norms: Record<string, number> = {};
      for (const name of names) {
        const values = Float32Array.from((await device.read(weights.get(name))) as Float32Array);
        const gradient = Float32Array.from((await device.read(gradients.get(name))) as Float32Array);
        const norm = Math.hypot(...gradient);
        // Up the gradient, where the loss changes most: its slope there is the gradient's norm.
        const at = async (step: number) => {
          await device.write(
            weights.get(name),
            values.map((x, i) => x + (step * gradient[i]!) / norm),
          );
          return lossOf();
        };
        const step = (0.01 * Math.hypot(...values)) / Math.sqrt(values.length);
        slopes[name] = ((await at(step)) - (await at(-step))) / (2 * step);
        norms[name] = norm;
        await device.write(weights.get(name), values);
      }
      expect(norms).toBeAllClose(slopes, { rtol: 2e-3 });
    });
  }
});

it.each<[Training, (number | null)[]]>([
  [{ kind: "full" }, []],
  [{ kind: "lora", r: 2, alpha: 4, modules: ["q_proj", "down_proj"] }, [5, 5]],
])("checkpointing of %o computes attention again in windows %o", async (training, again) => {
  const network = await tinyNetwork(tinyConfig(), training);
  const windows: (number | null)[] = [];
  const attention: typeof network.attention = {
    ...network.attention,
    forwardKeeping(q, k, v, spans) {
      windows.push(spans.window);
      return network.attention.forwardKeeping(q, k, v, spans);
    },
  };
  const [ids, targets] = [randomIds(16, 61), randomIds(16, 61, 2)];
  const batch = { ids, targets, weights: new Float32Array(16).fill(1 / 16), segments: [16] };
  const { gradients } = await createOptimizer(
    network.weights,
    trainedNames(network.config, network.training),
  );
  await backpropagate({ ...network, attention }, batch, gradients, "layer");
  expect(windows).toEqual([null, 5, null, 5, ...again]);
});

it("gradients of a pack equal the sum over its segments", async () => {
  const network = await tinyNetwork();
  const names = trainedNames(network.config, network.training);
  const ids = randomIds(length, 61);
  const targets = randomIds(length, 61, 2).map((id, t) => (t % 3 === 0 ? -100 : id));
  const weights = new Float32Array(length).fill(0.02);
  const packed = (await createOptimizer(network.weights, names)).gradients;
  const alone = (await createOptimizer(network.weights, names)).gradients;
  const whole = await backpropagate(network, { ids, targets, weights, segments }, packed);
  let sum = 0;
  for (const [i, part] of parts(ids).entries()) {
    const batch = {
      ids: part,
      targets: parts(targets)[i]!,
      weights: parts(weights)[i]!,
      segments: [part.length],
    };
    sum += (await backpropagate(network, batch, alone)).loss;
  }
  expect(whole.loss).toBeCloseTo(sum, 5);
  for (const name of names) {
    const a = await network.device.read(packed.get(name));
    expect(a).toBeAllClose(await network.device.read(alone.get(name)), { atol: 2e-5 });
    expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(1e-5);
  }
});

it("a query that sees only itself gives its q and k weights a gradient of exactly 0", async () => {
  // Row sums from the output left noise of 1e-9 here, which AdamW turned into steps of size lr.
  const network = await tinyNetwork(tinyConfig({ sliding_window: 1 }));
  const names = trainedNames(network.config, network.training);
  const { gradients } = await createOptimizer(network.weights, names);
  const ids = randomIds(40, 61);
  await backpropagate(
    network,
    { ids, targets: ids, weights: new Float32Array(40).fill(1), segments: [40] },
    gradients,
  );
  for (const module of ["q_proj", "k_proj"]) {
    const gradient = await network.device.read(gradients.get(`model.layers.1.self_attn.${module}.weight`));
    expect(gradient.every((value) => Object.is(Math.abs(value), 0))).toBe(true);
  }
});

it("gradients of many tiles and several runs of rows are the same on tfjs as on the CPU", async (context) => {
  const { device, reason } = await available("tfjs");
  if (!device) return context.skip(reason);
  const segments = [700, 150, 1300];
  const length = 2150;
  const ids = randomIds(length, 61);
  const targets = randomIds(length, 61, 2).map((id, t) => (t % 3 === 0 ? -100 : id));
  const batch = { ids, targets, weights: new Float32Array(length).fill(1e-3), segments };
  const results = [];
  for (const on of [undefined, device]) {
    const network = await tinyNetwork(
      tinyConfig({ sliding_window: 90, max_position_embeddings: 4096 }),
      undefined,
      on,
    );
    const names = trainedNames(network.config, network.training);
    const { gradients } = await createOptimizer(network.weights, names);
    const { loss } = await backpropagate(network, batch, gradients);
    const values = await Promise.all(names.map((name) => network.device.read(gradients.get(name))));
    results.push({ loss, values, names });
  }
  const [cpu, tfjs] = results;
  expect(tfjs!.loss).toBeCloseTo(cpu!.loss, 5);
  for (const [i, name] of cpu!.names.entries()) {
    const most = Math.max(...cpu!.values[i]!.map(Math.abs));
    expect({ [name]: tfjs!.values[i]! }).toBeAllClose({ [name]: cpu!.values[i]! }, { atol: 1e-4 * most });
  }
  await device.dispose();
});
