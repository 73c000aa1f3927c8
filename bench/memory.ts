/** Peak resident memory of training steps of zebra-117m, each in its own process, beside the forecast. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peakBytes } from "../src/finetune/forecast/forecast.ts";
import type { BenchCase, BenchRow } from "./tools/measure.ts";
import { formOf, type Method, packOf, trainingOf, zebra117m } from "./tools/training.ts";

export function memoryCases(): BenchCase[] {
  return (["full", "lora"] as const).flatMap((method) =>
    [2048, 8192, 16384].map((tokens) => {
      const name = `memory zebra-117m ${method} T${tokens}`;
      return { name, run: () => benchMemory(name, method, tokens) };
    }),
  );
}

async function benchMemory(name: string, method: Method, tokens: number): Promise<BenchRow> {
  const script = fileURLToPath(new URL("memory-step.ts", import.meta.url));
  const before = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [script, method, String(tokens)]);
  const { startBytes, peak } = JSON.parse(stdout) as { startBytes: number; peak: number };
  const form = formOf(await zebra117m(), trainingOf(method), "layer");
  const forecast = peakBytes(form, packOf(tokens)).total + startBytes;
  return {
    name,
    seconds: (performance.now() - before) / 1000,
    rate: peak / 2 ** 30,
    unit: "GiB",
    roofline: forecast / 2 ** 30,
    ratio: peak / forecast,
    note: "the roofline is what zebra plan says; activation checkpointing layer, two steps",
  };
}
