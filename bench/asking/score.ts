/** Scoring a long text, the nll of its last quarter, beside the rate of a MatMul in the same run. */
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import type { Device } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import { forwardCost } from "../../src/model/cost.ts";
import { compileNetwork } from "../../src/model/network.ts";
import { tokenNll } from "../../src/model/score.ts";
import { initialWeights } from "../../src/model/train/init.ts";
import { randomOf } from "../../src/random.ts";
import { type BenchCase, type BenchRow, measure } from "../tools/measure.ts";
import { matmulRoofline } from "../tools/roofline.ts";
import { packOf, zebra117m } from "../tools/training.ts";

export function scoreCases(): BenchCase[] {
  return [2048, 8192, 16384].map((tokens) => {
    const name = `score zebra-117m T${tokens}`;
    return { name, run: () => benchScore(name, tokens) };
  });
}

/** A call that scores one text of T tokens. */
export async function scorer(device: Device, config: ZebraConfig, T: number): Promise<() => Promise<void>> {
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  const network = await compileNetwork(device, config, weights);
  const { segments, supervisedTokens } = packOf(T);
  const random = randomOf(1, "bench");
  const ids = Int32Array.from({ length: T }, () => random.below(config.vocab_size));
  const targets = ids.map((id, t) => (t >= T - supervisedTokens ? id : -100));
  return async () => {
    await tokenNll(network, ids, targets, segments);
  };
}

async function benchScore(name: string, T: number): Promise<BenchRow> {
  const config = await zebra117m();
  const device = cpuDevice();
  const { segments, supervisedTokens } = packOf(T);
  const { linear, scores, head } = forwardCost(config, segments, supervisedTokens);
  const row = await measure(name, "GFLOP/s", {
    work: linear + scores + head,
    call: await scorer(device, config, T),
    roofline: await matmulRoofline(device),
    note: "",
  });
  await device.dispose();
  return { ...row, note: `${((row.seconds / T) * 1e3).toFixed(2)} ms a token` };
}
