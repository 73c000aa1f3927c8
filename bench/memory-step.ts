/**
 * Training steps in this process: `node bench/memory-step.ts '{"shape":"zebra-117m","method":"full",
 * "packs":[[2048]],"checkpointing":"layer","steps":2}'` prints the memory that they took as JSON.
 */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { type MemoryCase, shapeOf, trainer, trainingOf } from "./tools/training.ts";

const { shape, method, packs, checkpointing, steps } = JSON.parse(process.argv[2]!) as MemoryCase;
const config = await shapeOf(shape);
const startBytes = process.memoryUsage.rss();
const step = await trainer(cpuDevice(), config, trainingOf(method), packs, checkpointing);
const openBytes = process.memoryUsage.rss();
const afterSteps: number[] = [];
for (let i = 0; i < steps; i++) {
  await step();
  afterSteps.push(process.memoryUsage.rss());
}
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ startBytes, openBytes, afterSteps, peak }));
