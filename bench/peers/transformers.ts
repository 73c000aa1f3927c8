/**
 * zebra-117m beside transformers on PyTorch: same shapes, float32, same threads, in turns.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- transformers [train|decode|score] [TOKENS…]
 *
 * Needs a Python with torch and transformers; without one it says so and does nothing.
 */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Device } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { decoder, stepsOfCall } from "../asking/decode.ts";
import { scorer } from "../asking/score.ts";
import { median, secondsOf } from "../tools/measure.ts";
import { trainer, trainingOf, zebra117m } from "../tools/training.ts";
import { python, whyNoPeer } from "./python.ts";

interface Comparison {
  name: string;
  script: string;
  /** Arguments of the script between the configuration and the threads. */
  args: readonly number[];
  calls: number;
  /** Tokens of one of our calls, and of one of theirs where that is another number. */
  tokens: number;
  theirTokens?: number;
  call(device: Device): Promise<() => Promise<void>>;
}

const kinds = {
  train: (tokens: number): Comparison[] => {
    const calls = tokens > 4096 ? 1 : 3;
    return [
      {
        name: `full training step T${tokens}`,
        script: "transformers_step.py",
        args: [tokens, calls],
        calls,
        tokens,
        call: async (device) =>
          trainer(
            device,
            await zebra117m(),
            trainingOf("full"),
            [[tokens]],
            tokens > 4096 ? "layer" : "none",
          ),
      },
    ];
  },
  decode: (context: number): Comparison[] =>
    [1, 8].map((sequences) => ({
      name: `decode B${sequences} C${context}`,
      script: "transformers_decode.py",
      args: [context, sequences, 9],
      calls: 9,
      tokens: stepsOfCall * sequences,
      theirTokens: sequences,
      call: async (device) => decoder(device, await zebra117m(), sequences, context),
    })),
  score: (tokens: number): Comparison[] => [
    {
      name: `score T${tokens}`,
      script: "transformers_score.py",
      args: [tokens, 3],
      calls: 3,
      tokens,
      call: async (device) => scorer(device, await zebra117m(), tokens),
    },
  ],
};
type Kind = keyof typeof kinds;

const run = promisify(execFile);
const asked = process.argv.slice(2);
const askedKinds = asked.filter((word): word is Kind => Object.hasOwn(kinds, word));
const askedTokens = asked.filter((word) => /^\d+$/.test(word)).map(Number);

const reason = whyNoPeer("torch", "transformers.models.ministral");
if (reason !== "") console.log(`skipped: ${reason}`);
else {
  for (const kind of askedKinds.length > 0 ? askedKinds : (Object.keys(kinds) as Kind[])) {
    for (const tokens of askedTokens.length > 0 ? askedTokens : [2048, 8192, 16384]) {
      for (const comparison of kinds[kind](tokens)) await compare(comparison);
    }
  }
}

/** Measures ours before and after theirs, so that a change of the machine's speed can be seen. */
async function compare(comparison: Comparison): Promise<void> {
  const before = await ours(comparison);
  const theirs = await transformers(comparison);
  const after = await ours(comparison);
  const { tokens, theirTokens = tokens } = comparison;
  const perToken = (seconds: number, of = tokens) => `${((1000 * seconds) / of).toFixed(2)} ms a token`;
  console.log(
    `${comparison.name}: ours ${perToken(before)} and ${perToken(after)}, transformers ` +
      `${perToken(theirs.seconds, theirTokens)} (torch ${theirs.torch}, peak ` +
      `${(theirs.peakBytes / 2 ** 30).toFixed(1)} GiB): ` +
      `${((2 * theirs.seconds * tokens) / theirTokens / (before + after)).toFixed(2)} times as fast`,
  );
}

async function transformers({
  script,
  args,
}: Comparison): Promise<{ seconds: number; peakBytes: number; torch: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const words = [path, "recipes/zebra-117m.config.json", ...args, availableParallelism()].map(String);
  const { stdout } = await run(python!, words);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

/** Median seconds of a call. The first does not count, for us and for them. */
async function ours({ call, calls }: Comparison): Promise<number> {
  const device = cpuDevice();
  const once = await call(device);
  await once();
  const times: number[] = [];
  for (let i = 0; i < calls; i++) times.push(await secondsOf(once));
  await device.dispose();
  return median(times);
}
