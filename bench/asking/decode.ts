/**
 * Decoding, compared with the memory bandwidth of a plain copy: every step reads all weights, and the cache
 * of each sequence.
 */
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import type { Device } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import { cacheBytes, parameterCount } from "../../src/model/cost.ts";
import { Decoding } from "../../src/model/generate/decoding.ts";
import { KeyValueCache } from "../../src/model/generate/kv-cache.ts";
import { recentRows } from "../../src/model/layers/decode-step.ts";
import { compileNetwork } from "../../src/model/network.ts";
import { initialWeights } from "../../src/model/train/init.ts";
import { type BenchCase, type BenchRow, measure } from "../tools/measure.ts";
import { copyRoofline } from "../tools/roofline.ts";
import { zebra117m } from "../tools/training.ts";

export function decodeCases(): BenchCase[] {
  return [1, 8].flatMap((sequences) =>
    [512, 8192].map((context) => {
      const name = `decode zebra-117m B${sequences} C${context}`;
      return { name, run: () => benchDecode(name, sequences, context) };
    }),
  );
}

/** Recent rows are packed after this many steps, so calls of as many steps all cost the same. */
export const stepsOfCall = recentRows;

/**
 * A call that takes `stepsOfCall` more tokens of each sequence through the model. Sequences begin with
 * `context` tokens.
 */
export async function decoder(
  device: Device,
  config: ZebraConfig,
  sequences: number,
  context: number,
): Promise<() => Promise<void>> {
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  const network = await compileNetwork(device, config, weights);
  // The time does not depend on the values in a cache, so none are computed.
  const caches = Array.from({ length: sequences }, () => {
    const cache = new KeyValueCache(network, context);
    cache.length = context;
    return cache;
  });
  const decoding = await Decoding.of(network, caches);
  const ids = new Int32Array(sequences).fill(5);
  return async () => {
    for (let i = 0; i < stepsOfCall; i++) await decoding.step(ids);
  };
}

async function benchDecode(name: string, sequences: number, context: number): Promise<BenchRow> {
  const config = await zebra117m();
  const device = cpuDevice();
  const weightBytes = 4 * parameterCount(config).total;
  const row = await measure(name, "GB/s", {
    work: stepsOfCall * (weightBytes + sequences * cacheBytes(config, context)),
    call: await decoder(device, config, sequences, context),
    roofline: copyRoofline(),
    note: "",
  });
  await device.dispose();
  const weights = ((stepsOfCall * weightBytes) / row.seconds / 1e9 / row.roofline).toFixed(2);
  const rate = ((stepsOfCall * sequences) / row.seconds).toFixed(1);
  return { ...row, note: `${rate} tokens/s; bytes of weights and cache, of weights alone ${weights}` };
}
