import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { chooseToken } from "../../src/model/generate/sampling.ts";
import { randomOf } from "../../src/random.ts";
import { askPeer } from "./peers-python.ts";

const reason = whyNoPeer("torch", "transformers");
const draws = 20_000;

const cases = [
  { temperature: 1 },
  { temperature: 0.7 },
  { top_k: 5 },
  { top_p: 0.6 },
  { min_p: 0.2 },
  { repetition_penalty: 1.8 },
  { temperature: 1.5, top_k: 20, top_p: 0.8, min_p: 0.1, repetition_penalty: 1.3 },
  { temperature: 0.5, top_k: 7, top_p: 0.9 },
].map((one) => ({ temperature: 1, top_k: 0, top_p: 1, min_p: 0, repetition_penalty: 1, ...one }));

it.skipIf(reason !== "")(
  `tokens are drawn with the probabilities that transformers' generation gives them${reason && ` (skipped: ${reason})`}`,
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "zebratune-interop-"));
    try {
      const random = randomOf(1, "logits");
      const seen = [3, 3, 17, 30];
      const requests = cases.map((one) => ({
        ...one,
        seen,
        logits: Array.from({ length: 40 }, () => Math.fround(3 * random.normal())),
      }));
      const theirs = askPeer<number[][]>("transformers_warpers.py", dir, requests);
      for (const [
        i,
        { logits, temperature, top_k, top_p, min_p, repetition_penalty },
      ] of requests.entries()) {
        const sampling = {
          temperature,
          topK: top_k,
          topP: top_p,
          minP: min_p,
          repetitionPenalty: repetition_penalty,
        };
        // Evenly spaced draws: each token gets its share of the unit interval, to one draw at each end.
        const shares = Array<number>(40).fill(0);
        for (let n = 0; n < draws; n++) {
          const id = chooseToken(Float32Array.from(logits), sampling, new Set(seen), () => (n + 0.5) / draws);
          shares[id]! += 1 / draws;
        }
        expect({ [`case ${i}`]: shares }).toBeAllClose({ [`case ${i}`]: theirs[i]! }, { atol: 2 / draws });
      }
    } finally {
      await rm(dir, { recursive: true });
    }
  },
);
