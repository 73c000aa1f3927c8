/** Whole training steps of zebra-117m, one pack in each, beside the rate of a MatMul in the same run. */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { forwardCost } from "../src/model/cost.ts";
import { type BenchCase, type BenchRow, measure } from "./tools/measure.ts";
import { matmulRoofline } from "./tools/roofline.ts";
import { type Method, packOf, trainer, trainingOf, zebra117m } from "./tools/training.ts";

export function stepCases(): BenchCase[] {
  return (["full", "lora"] as const).flatMap((method) =>
    [2048, 8192, 16384].map((tokens) => {
      const name = `step zebra-117m ${method} T${tokens}`;
      return { name, run: () => benchStep(name, method, tokens) };
    }),
  );
}

/** Only useful products count, each once: not what activation checkpointing computes again. */
async function benchStep(name: string, method: Method, T: number): Promise<BenchRow> {
  const config = await zebra117m();
  const device = cpuDevice();
  const checkpointing = T > 4096 ? "layer" : "none";
  const { segments, supervisedTokens } = packOf(T);
  const { linear, scores, head } = forwardCost(config, segments, supervisedTokens);
  const row = await measure(name, "GFLOP/s", {
    // Backward is twice forward; with frozen weights the products with weights are one.
    work: (method === "full" ? 3 : 2) * (linear + head) + 3 * scores,
    call: await trainer(device, config, trainingOf(method), [[T]], checkpointing),
    roofline: await matmulRoofline(device),
    note: `activation checkpointing ${checkpointing}`,
  });
  await device.dispose();
  return { ...row, note: `${((row.seconds / T) * 1e3).toFixed(2)} ms a token, ${row.note}` };
}
