/**
 * Training steps of zebra-117m beside transformers on PyTorch: same shape, float32, same threads, in turns.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python node bench/peers/transformers.ts [TOKENS…]
 *
 * Needs a Python with torch and transformers; without one it says so and does nothing.
 */
import { execFile, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { median, secondsOf } from "../measure.ts";
import { trainer, trainingOf, zebra117m } from "../training.ts";

const run = promisify(execFile);
const python = process.env.ZEBRATUNE_PEERS_PYTHON;
const script = fileURLToPath(new URL("transformers_step.py", import.meta.url));

const reason = whyNot();
if (reason !== "") console.log(`skipped: ${reason}`);
else for (const tokens of lengths()) await compare(tokens);

function whyNot(): string {
  if (!python) return "ZEBRATUNE_PEERS_PYTHON is not set";
  const probe = spawnSync(python, ["-c", "import torch, transformers.models.ministral"], {
    encoding: "utf8",
  });
  return probe.status === 0 ? "" : `${python}: ${probe.stderr.trim().split("\n").at(-1)}`;
}

function lengths(): number[] {
  const asked = process.argv.slice(2).map(Number);
  return asked.length > 0 ? asked : [2048, 8192, 16384];
}

/** Ours is measured before and after theirs, so that a change of the machine's speed shows. */
async function compare(tokens: number): Promise<void> {
  const steps = tokens > 4096 ? 2 : 3;
  const before = await ours(tokens, steps);
  const threads = String(availableParallelism());
  const args = [script, "recipes/zebra-117m.config.json", String(tokens), String(steps), threads];
  const { stdout } = await run(python!, args);
  const theirs = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
    seconds: number;
    peakBytes: number;
    torch: string;
  };
  const after = await ours(tokens, steps);
  const perToken = (seconds: number) => `${((1000 * seconds) / tokens).toFixed(2)} ms a token`;
  console.log(
    `step zebra-117m full T${tokens}: ours ${perToken(before)} and ${perToken(after)}, transformers ` +
      `${perToken(theirs.seconds)} (torch ${theirs.torch}, peak ${(theirs.peakBytes / 2 ** 30).toFixed(1)} GiB): ` +
      `${(theirs.seconds / median([before, after])).toFixed(2)} times as fast`,
  );
}

async function ours(tokens: number, steps: number): Promise<number> {
  const device = cpuDevice();
  const checkpointing = tokens > 4096 ? "layer" : "none";
  const step = await trainer(device, await zebra117m(), trainingOf("full"), tokens, checkpointing);
  await step();
  const times: number[] = [];
  for (let i = 0; i < steps; i++) times.push(await secondsOf(step));
  await device.dispose();
  return median(times);
}
