import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModel } from "../../../src/checkpoint/load-model.ts";
import { logLikelihoods } from "../../../src/eval/benchmarks/multiple-choice.ts";
import type { ZebraModel } from "../../../src/model/api.ts";
import { openPrefix } from "../../../src/model/generate/prefix.ts";
import { tokenNll } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../../model/tiny.ts";
import { writeTinyCheckpoint } from "../tiny-checkpoint.ts";

it("Σ log p of the scored tokens alone, whatever stands in the same pass", async () => {
  const root = await mkdtemp(join(tmpdir(), "zebra-choices-"));
  await writeTinyCheckpoint(join(root, "a"), 3, tinyConfig());
  await using model = await loadModel(join(root, "a"));
  const V = model.config.vocab_size;
  // Long enough that two passes are needed.
  const choices = [
    { length: 5000, scored: [3, 4998] },
    { length: 5000, scored: [4999] },
    { length: 7, scored: [4, 5, 6] },
  ].map(({ length, scored }, i) => ({
    ids: Int32Array.from({ length }, (_, t) => (7 * t + i + 3) % V),
    trained: Uint8Array.from({ length }, (_, t) => Number(scored.includes(t))),
  }));
  const sums = await logLikelihoods(model, choices);
  const { ids } = choices[2]!;
  const logits = await model.logits(ids, [ids.length]);
  const logp = (t: number): number => {
    const row = [...logits.subarray((t - 1) * V, t * V)];
    return row[ids[t]!]! - Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0));
  };
  expect(sums).toHaveLength(3);
  expect(sums[2]).toBeCloseTo(logp(4) + logp(5) + logp(6), 4);
  expect(await logLikelihoods(model, choices.slice(1, 2))).toEqual([expect.closeTo(sums[1]!, 3)]);
  await rm(root, { recursive: true });
});

it("the log-likelihood of each choice is what it is with the whole prompt to itself", async () => {
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const model = { openPrefix: (ids, longest) => openPrefix(network, ids, longest) } as Pick<
    ZebraModel,
    "openPrefix"
  > as ZebraModel;
  const prompt = randomIds(30, 61);
  // The second and third share a scored token, the last is the prompt's tail in other tokens; then nothing is
  // shared.
  for (const answers of [
    [[5], [7, 8], [7, 9, 10]],
    [
      [5, 6],
      [5, 6],
    ],
  ]) {
    for (const head of [prompt, new Int32Array(0)]) {
      const rendered = answers.map((answer, i) => {
        const ids = Int32Array.of(...head, ...(head.length > 0 ? [] : [40 + i]), ...answer, 2);
        const trained = new Uint8Array(ids.length).fill(1, ids.length - 1 - answer.length, ids.length - 1);
        return { ids, trained };
      });
      const alone = [];
      for (const { ids, trained } of rendered) {
        const targets = ids.map((_, t) => (trained[t + 1] ? ids[t + 1]! : -100));
        const nll = await tokenNll(network, ids, targets, [ids.length]);
        alone.push(-nll.reduce((a, b) => a + b, 0));
      }
      expect(await logLikelihoods(model, rendered)).toBeAllClose(alone, { atol: 5e-5 });
    }
  }
});
