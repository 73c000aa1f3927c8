import { expect, it } from "vitest";
import type { Device } from "../../src/engine/device.ts";
import { createOptimizer, optimizerStep } from "../../src/finetune/update/optimizer.ts";
import { backpropagate } from "../../src/model/train/backward.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { available } from "../engine/available.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../model/tiny.ts";

it("a training step reads a number a supervised token and gradient row, no more", async (context) => {
  const { device: opened, reason } = await available("tfjs");
  if (!opened) return context.skip(reason);
  let valuesRead = 0;
  let valuesWritten = 0;
  const device: Device = {
    ...opened,
    async read(tensor) {
      const data = await opened.read(tensor);
      valuesRead += data.length;
      return data;
    },
    async write(tensor, data) {
      valuesWritten += data.length;
      await opened.write(tensor, data);
    },
  };
  const network = await tinyNetwork(tinyConfig(), { kind: "full" }, device);
  const optimizer = await createOptimizer(network.weights, trainedNames(network.config, network.training));
  const length = 40;
  const ids = randomIds(length, 61);
  const targets = ids.map((id, t) => (t % 4 === 0 ? id : -100));
  const weights = new Float32Array(length).fill(0.1);

  [valuesRead, valuesWritten] = [0, 0];
  await backpropagate(network, { ids, targets, weights, segments: [30, 10] }, optimizer.gradients);
  await optimizerStep(optimizer, { step: 1, lr: 1e-3 });
  const rows = optimizer.names.map((name) => network.weights.get(name).shape);
  const gradientRows = rows.reduce((n, shape) => n + (shape.length >= 2 ? shape[0]! : 1), 0);
  expect(valuesRead).toBe(length / 4 + gradientRows);
  expect(valuesWritten).toBe(0);
  await opened.dispose();
});
