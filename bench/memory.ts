/** Peak resident memory of training steps, each in its own process, beside the forecast of `zebra plan`. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peakBytes } from "../src/finetune/forecast/memory.ts";
import type { BenchCase, BenchRow } from "./tools/measure.ts";
import { formOf, type MemoryCase, packOfSegments, shapeOf, trainingOf } from "./tools/training.ts";

/** Packs of many lengths: memory must not grow with the steps. */
const mixed = [
  ...[[512], [300, 200], [100, 90, 80, 70, 60], [400], [256, 256], [350], [450], [128, 128], [500]],
  ...[[64, 64, 64], [333], [222]],
];

const cases: MemoryCase[] = [
  { shape: "nano", method: "full", packs: [[2048]], checkpointing: "none", steps: 2 },
  { shape: "nano", method: "full", packs: [[2048]], checkpointing: "layer", steps: 2 },
  { shape: "nano", method: "lora", packs: [[4096]], checkpointing: "none", steps: 2 },
  { shape: "smol-135m-zebra", method: "full", packs: [[512]], checkpointing: "none", steps: 2 },
  { shape: "smol-135m", method: "lora", packs: mixed, checkpointing: "none", steps: 12 },
  { shape: "smol-135m", method: "full", packs: [[1024]], checkpointing: "none", steps: 2 },
  { shape: "smol-135m", method: "lora", packs: [[1024]], checkpointing: "none", steps: 2 },
  { shape: "smol-135m", method: "full", packs: [[2048]], checkpointing: "none", steps: 1 },
  { shape: "smol-135m", method: "full", packs: [[2048]], checkpointing: "layer", steps: 1 },
  { shape: "smol-135m", method: "lora", packs: [[2048]], checkpointing: "layer", steps: 1 },
  { shape: "smol-135m-zebra", method: "lora", packs: [[2048]], checkpointing: "none", steps: 1 },
  { shape: "smol-135m-zebra", method: "lora", packs: [[8192]], checkpointing: "layer", steps: 1 },
  { shape: "zebra-117m", method: "full", packs: [[2048]], checkpointing: "layer", steps: 2 },
  { shape: "zebra-117m", method: "full", packs: [[16384]], checkpointing: "layer", steps: 2 },
  { shape: "zebra-117m", method: "lora", packs: [[16384]], checkpointing: "layer", steps: 2 },
];

export function memoryCases(): BenchCase[] {
  return cases.map((one) => {
    const packs = one.packs.length > 1 ? `mixed` : `T${one.packs[0]![0]}`;
    const name = `memory ${one.shape} ${one.method} ${one.checkpointing} ${packs} steps${one.steps}`;
    return { name, run: () => benchMemory(name, one) };
  });
}

async function benchMemory(name: string, one: MemoryCase): Promise<BenchRow> {
  const script = fileURLToPath(new URL("memory-step.ts", import.meta.url));
  const before = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(one)]);
  const { startBytes, peak } = JSON.parse(stdout) as { startBytes: number; peak: number };
  const form = formOf(await shapeOf(one.shape), trainingOf(one.method), one.checkpointing);
  const packs = one.packs.slice(0, one.steps).map(packOfSegments);
  const forecast = (await peakBytes(form, packs)).total + startBytes;
  return {
    name,
    seconds: (performance.now() - before) / 1000,
    rate: peak / 2 ** 30,
    unit: "GiB",
    roofline: forecast / 2 ** 30,
    ratio: peak / forecast,
    note: "the roofline is what zebra plan says",
  };
}
