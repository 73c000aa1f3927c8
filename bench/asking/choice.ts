/**
 * Multiple choice: four answers to one prompt that is computed once, beside each answer with the whole
 * prompt.
 */
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import { openPrefix } from "../../src/model/generate/prefix.ts";
import { compileNetwork } from "../../src/model/network.ts";
import { tokenNll } from "../../src/model/score.ts";
import { initialWeights } from "../../src/model/train/init.ts";
import { randomOf } from "../../src/random.ts";
import { type BenchCase, type BenchRow, measure } from "../tools/measure.ts";
import { zebra117m } from "../tools/training.ts";

/** Answers to a prompt, and tokens of one. */
const [choices, answer] = [4, 8];

export function choiceCases(): BenchCase[] {
  return [2048, 8192].map((prompt) => {
    const name = `choice zebra-117m T${prompt}`;
    return { name, run: () => benchChoice(name, prompt) };
  });
}

async function benchChoice(name: string, prompt: number): Promise<BenchRow> {
  const config = await zebra117m();
  const device = cpuDevice();
  const network = await compileNetwork(
    device,
    config,
    initialWeights(device, config, expectedTensors(config), 1),
  );
  const random = randomOf(1, "bench");
  const draw = (length: number) => Int32Array.from({ length }, () => random.below(config.vocab_size));
  const prefix = draw(prompt);
  const answers = Array.from({ length: choices }, () => draw(answer));
  const row = await measure(name, "k choices/s", {
    work: 1e6 * choices,
    async call() {
      await using open = await openPrefix(network, prefix, answer);
      await open.nll(answers);
    },
    roofline: {
      work: 1e6 * choices,
      async run() {
        for (const ids of answers) {
          const whole = Int32Array.of(...prefix, ...ids);
          const targets = whole.map((_, t) =>
            t >= prompt - 1 && t < whole.length - 1 ? whole[t + 1]! : -100,
          );
          await tokenNll(network, whole, targets, [whole.length]);
        }
      },
    },
    note: "the roofline is each choice with the whole prompt to itself",
  });
  await device.dispose();
  return row;
}
