import { describe, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { elementCount } from "../../../src/engine/element-count.ts";
import { Graph } from "../../../src/engine/graph.ts";
import { add } from "../../../src/engine/ops/add.ts";
import { matmul } from "../../../src/engine/ops/matmul.ts";
import { compile } from "../../../src/engine/program.ts";
import { createOptimizer } from "../../../src/finetune/optimizers/optimizer.ts";
import type { Training } from "../../../src/model/layers/layer.ts";
import { byRows } from "../../../src/model/layers/row-chunks.ts";
import { tokenNll } from "../../../src/model/score.ts";
import { backpropagate } from "../../../src/model/train/backward.ts";
import { trainedNames } from "../../../src/model/trained-names.ts";
import { randomOf } from "../../../src/random.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

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
