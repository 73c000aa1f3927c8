import { describe, expect, it } from "vitest";
import { likelihoods } from "../../../src/model/generate/likelihoods.ts";
import type { Scored } from "../../../src/model/generate/shared-texts.ts";
import type { Network } from "../../../src/model/network.ts";
import { allLogits } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

/** Of each text alone, from all its logits. */
async function alone(network: Network, { ids, from }: Scored) {
  const logits = await allLogits(network, ids, [ids.length]);
  let [logLikelihood, isGreedy] = [0, true];
  for (let t = from; t < ids.length; t++) {
    const row = logits.subarray((t - 1) * V, t * V);
    const top = Math.max(...row);
    logLikelihood += row[ids[t]!]! - top - Math.log(row.reduce((sum, one) => sum + Math.exp(one - top), 0));
    isGreedy &&= row.indexOf(top) === ids[t];
  }
  return { logLikelihood, isGreedy };
}

async function expectAsAlone(network: Network, texts: readonly Scored[]) {
  const found = new Map<number, { logLikelihood: number; isGreedy: boolean }>();
  for await (const placed of likelihoods(network, texts))
    for (const { place, ...one } of placed) found.set(place, one);
  expect(found.size).toBe(texts.length);
  for (const [i, text] of texts.entries()) {
    const expected = await alone(network, text);
    expect(found.get(i)!.isGreedy).toBe(expected.isGreedy);
    expect(Math.abs(found.get(i)!.logLikelihood - expected.logLikelihood)).toBeLessThan(2e-4);
  }
}

const join = (...parts: Int32Array[]) => Int32Array.from(parts.flatMap((ids) => [...ids]));

describe("texts of which the ends are scored", () => {
  for (const sliding_window of [1, 5, 200]) {
    it(`have the likelihoods that each has alone, window ${sliding_window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window }), untrained);
      const shots = randomIds(70, V, 1);
      const texts: Scored[] = [];
      for (let question = 0; question < 5; question++) {
        // Some questions share so much that each becomes a trunk of its own, some so little that none does.
        const asked = join(shots, randomIds(question % 2 ? 55 : 4, V, 10 + question));
        for (let choice = 0; choice < 3; choice++) {
          const answer = randomIds(1 + ((question + choice) % 4), V, 100 + choice);
          texts.push({ ids: join(asked, answer), from: asked.length });
        }
      }
      for (let i = 0; i < 4; i++) texts.push({ ids: randomIds(2 + 9 * i, V, 200 + i), from: 1 });
      // The same text, scored from elsewhere: what one scores, another takes as given.
      texts.push({ ids: texts[0]!.ids, from: 3 }, { ids: texts[0]!.ids, from: texts[0]!.ids.length - 1 });
      await expectAsAlone(network, texts);
    });
  }

  it("may be longer than what goes through the layers at once", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const document = randomIds(2500, V, 1);
    const texts = [3, 2200].map((n, i) => {
      const asked = join(document, randomIds(n, V, 7 + i));
      return { ids: join(asked, randomIds(3, V, 9 + i)), from: asked.length };
    });
    await expectAsAlone(network, [...texts, { ids: join(document, randomIds(40, V, 5)), from: 2500 }]);
  });

  it("that the model would have written itself are greedy", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const ids = [...randomIds(6, V)];
    for (let n = 0; n < 4; n++) {
      const logits = await allLogits(network, Int32Array.from(ids), [ids.length]);
      const last = logits.subarray(-V);
      ids.push(last.indexOf(Math.max(...last)));
    }
    const texts = [
      { ids: Int32Array.from(ids), from: 6 },
      { ids: Int32Array.from([...ids.slice(0, -1), (ids.at(-1)! + 1) % V]), from: 6 },
    ];
    const greedy: boolean[] = [];
    for await (const placed of likelihoods(network, texts))
      for (const { place, isGreedy } of placed) greedy[place] = isGreedy;
    expect(greedy).toEqual([true, false]);
  });

  it("must have something to score, and something before it", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    for (const from of [0, 5]) {
      const asked = likelihoods(network, [{ ids: randomIds(5, V), from }]);
      await expect(asked.next()).rejects.toThrow(
        `score: expected 1 to 4 tokens before the scored ones, got ${from}`,
      );
    }
  });
});
