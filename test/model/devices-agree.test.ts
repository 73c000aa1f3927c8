import { expect, it } from "vitest";
import { createOptimizer } from "../../src/finetune/optimizers/optimizer.ts";
import { backpropagate } from "../../src/model/train/backward.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { available } from "../engine/available.ts";
import { randomIds, tinyConfig, tinyNetwork } from "./tiny.ts";

it("gradients of a pack of many tiles and several runs of rows are the same on tfjs as on the CPU", async (context) => {
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
