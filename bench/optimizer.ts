/** AdamW, beside a plain copy in the same run: bytes that must move, each read or written once. */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { createOptimizer, optimizerStep } from "../src/finetune/optimizers/optimizer.ts";
import { TensorStore } from "../src/model/weights.ts";
import { type BenchCase, measure, randomTensor } from "./measure.ts";
import { copyRoofline } from "./roofline.ts";

const settings = {
  adam_beta1: 0.9,
  adam_beta2: 0.95,
  adam_eps: 1e-8,
  weight_decay: 0.1,
  max_grad_norm: 1,
};

export function optimizerCases(): BenchCase[] {
  const parameters = 1 << 25;
  const name = `optimizer adamw ${parameters >> 20}M`;
  return [{ name, run: () => benchOptimizer(name, parameters) }];
}

async function benchOptimizer(name: string, parameters: number) {
  const device = cpuDevice();
  const weights = new TensorStore(device);
  const shape = [parameters / 1024, 1024];
  weights.set("w", randomTensor(shape, 0.02).data, shape);
  const optimizer = await createOptimizer(weights, ["w"]);
  let step = 0;
  const row = await measure(name, "GB/s", {
    // Norm: read the gradient. Update: read gradient, both moments and weight, write the last three, clear
    // the first.
    work: 9 * 4 * parameters,
    call: () => optimizerStep(optimizer, settings, { step: ++step, lr: 1e-4 }),
    roofline: copyRoofline(),
    note: "9 passes of 4 bytes a parameter",
  });
  await device.dispose();
  return row;
}
