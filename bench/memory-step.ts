/**
 * Training steps in this process. `node bench/memory-step.ts full 16384 [STEPS]` prints the memory they took.
 */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { type Method, trainer, trainingOf, zebra117m } from "./tools/training.ts";

const [method, tokens, steps = "2"] = process.argv.slice(2) as [Method, string, string?];
const config = await zebra117m();
const startBytes = process.memoryUsage.rss();
const step = await trainer(cpuDevice(), config, trainingOf(method), Number(tokens), "layer");
for (let i = 0; i < Number(steps); i++) await step();
console.log(JSON.stringify({ startBytes, peak: process.resourceUsage().maxRSS * 1024 }));
