/** Each optimizer beside a plain copy in the same run: bytes that must move, each read or written once. */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { type OptimizerName, optimizerCatalog } from "../src/finetune/optimizers/index.ts";
import { createOptimizer, optimizerStep } from "../src/finetune/update/optimizer.ts";
import { stateNames } from "../src/finetune/update/rule.ts";
import { optimizerSettings } from "../src/finetune/update/settings.ts";
import { TensorStore } from "../src/model/weights.ts";
import { type BenchCase, measure, randomTensor } from "./tools/measure.ts";
import { copyRoofline } from "./tools/roofline.ts";

export function optimizerCases(): BenchCase[] {
  const parameters = 1 << 25;
  return (Object.keys(optimizerCatalog) as OptimizerName[]).map((optimizer) => {
    const name = `optimizer ${optimizer} ${parameters >> 20}M`;
    return { name, run: () => benchOptimizer(name, optimizer, parameters) };
  });
}

async function benchOptimizer(name: string, optimizerName: OptimizerName, parameters: number) {
  const device = cpuDevice();
  const weights = new TensorStore(device);
  const shape = [parameters / 1024, 1024];
  weights.set("w", randomTensor(shape, 0.02).data, shape);
  const settings = optimizerSettings(optimizerName, { weight_decay: 0.1 });
  const optimizer = await createOptimizer(weights, ["w"], settings);
  // Norm: read the gradient. Update: read it, the weight and the state; write weight and state, clear the
  // gradient.
  const passes = 5 + 2 * stateNames(settings.rule).length;
  let step = 0;
  const row = await measure(name, "GB/s", {
    work: passes * 4 * parameters,
    call: () => optimizerStep(optimizer, { step: ++step, lr: 1e-4 }),
    roofline: copyRoofline(),
    note: `${passes} passes of 4 bytes a parameter`,
  });
  await device.dispose();
  return row;
}
