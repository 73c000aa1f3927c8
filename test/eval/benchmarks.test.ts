import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { logLikelihoods } from "../../src/eval/benchmarks/multiple-choice.ts";
import { promptText } from "../../src/eval/benchmarks/passkey.ts";
import { bucketScores } from "../../src/eval/benchmarks/perplexity.ts";
import type { ZebraModel } from "../../src/model/api.ts";
import { tinyConfig } from "../model/tiny.ts";
import { writeTinyCheckpoint } from "./tiny-checkpoint.ts";

let root: string;
let model: ZebraModel;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-benchmarks-"));
  await writeTinyCheckpoint(join(root, "a"), 3, tinyConfig());
  model = await loadModel(join(root, "a"));
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

it("perplexity: a target's bucket is how many tokens stand before it", () => {
  // nll[t] is of the target after t + 1 tokens.
  const nll = Float32Array.from({ length: 1100 }, (_, t) => (t + 1 < 512 ? 1 : t + 1 < 1024 ? 2 : 3));
  expect(bucketScores(nll).map(({ slice, sum, weight }) => [slice, sum, weight])).toEqual([
    ["", 511 + 2 * 512 + 3 * 77, 1100],
    ["0–512", 511, 511],
    ["512–1k", 2 * 512, 512],
    ["1k–2k", 3 * 77, 77],
  ]);
});

it("multiple choice: Σ log p of the scored tokens alone, whatever stands in the same pass", async () => {
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
});

it("pass key: the key stands at its depth between whole words", () => {
  const words = ["one ", "two ", "three ", "four "];
  const middle = (depth: number) => promptText(words, depth, "12345").split("\n").slice(1, -1);
  const needle = "The pass key is 12345. Remember it. 12345 is the pass key.";
  expect(middle(0)).toEqual([needle, "one two three four"]);
  expect(middle(25)).toEqual(["one", needle, "two three four"]);
  expect(middle(100)).toEqual(["one two three four", needle]);
});
