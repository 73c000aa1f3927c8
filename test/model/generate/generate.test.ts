import { describe, expect, it } from "vitest";
import { generate, generateBatch } from "../../../src/model/generate/generate.ts";
import type { Network } from "../../../src/model/network.ts";
import { allLogits } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

async function greedyWithoutCache(network: Network, prompt: Int32Array, count: number): Promise<number[]> {
  const ids = [...prompt];
  for (let i = 0; i < count; i++) {
    const logits = (await allLogits(network, Int32Array.from(ids), [ids.length])).slice(
      -network.config.vocab_size,
    );
    ids.push(logits.indexOf(Math.max(...logits)));
  }
  return ids.slice(prompt.length);
}

describe("greedy with the cache equals greedy without", () => {
  // Prompts shorter than the window, of a multiple of it, and longer: the ring starts empty, full, and
  // wrapped.
  for (const [window, promptLength] of [
    [5, 1],
    [5, 3],
    [5, 10],
    [5, 23],
    [1, 7],
    [64, 12],
  ] as const) {
    it(`window ${window}, prompt of ${promptLength}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), { kind: "none" });
      const prompt = randomIds(promptLength, 61, promptLength);
      const { ids, finish } = await generate(network, prompt, { maxNewTokens: 20, stopIds: [] });
      expect(ids).toEqual(await greedyWithoutCache(network, prompt, 20));
      expect(finish).toBe("length");
    });
  }
});

it("stops after a stop id, and when the caller says so", async () => {
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const prompt = randomIds(6, 61);
  const { ids } = await generate(network, prompt, { maxNewTokens: 10, stopIds: [] });
  const stop = ids[3]!;
  const stopped = await generate(network, prompt, { maxNewTokens: 10, stopIds: [stop] });
  expect(stopped).toEqual({ ids: ids.slice(0, ids.indexOf(stop) + 1), finish: "stop" });
  const seen: number[] = [];
  const onToken = (id: number) => seen.push(id) < 2;
  const cut = await generate(network, prompt, { maxNewTokens: 10, stopIds: [], onToken });
  expect(cut).toEqual({ ids: ids.slice(0, 2), finish: "caller" });
  expect(seen).toEqual(ids.slice(0, 2));
});

it("samples the same for a seed, and only from the nucleus", async () => {
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const prompt = randomIds(6, 61);
  const sample = (seed: number, topP: number) =>
    generate(network, prompt, { maxNewTokens: 12, stopIds: [], temperature: 1, topP, seed });
  expect((await sample(3, 1)).ids).toEqual((await sample(3, 1)).ids);
  expect((await sample(3, 1)).ids).not.toEqual((await sample(4, 1)).ids);
  const greedy = await generate(network, prompt, { maxNewTokens: 12, stopIds: [] });
  expect((await sample(5, 1e-9)).ids).toEqual(greedy.ids);
});

describe("several prompts side by side", () => {
  it("each gets the answer it gets alone, whatever the others' lengths and ends", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const prompts = [3, 17, 1, 30].map((n) => randomIds(n, V, n));
    const first = await generate(network, prompts[1]!, { maxNewTokens: 12, stopIds: [] });
    const options = { maxNewTokens: 12, stopIds: [first.ids[4]!] };
    const alone = [];
    for (const prompt of prompts) alone.push(await generate(network, prompt, options));
    expect(await generateBatch(network, prompts, options)).toEqual(alone);
    expect(alone[1]!.finish).toBe("stop");
    expect(alone.some(({ finish }) => finish === "length")).toBe(true);
  });

  it("tells whose token it is, and ends only the one the caller ends", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const places: number[] = [];
    const results = await generateBatch(network, [randomIds(4, V), randomIds(6, V)], {
      maxNewTokens: 5,
      stopIds: [],
      onToken: (_, place) => places.push(place) > 0 && !(place === 0 && places.length > 2),
    });
    expect(results.map(({ ids, finish }) => [ids.length, finish])).toEqual([
      [2, "caller"],
      [5, "length"],
    ]);
    expect(places).toEqual([0, 1, 0, 1, 1, 1, 1]);
  });
});

it("draws no stop id before so many tokens", async () => {
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const prompt = randomIds(6, 61);
  const { ids } = await generate(network, prompt, { maxNewTokens: 4, stopIds: [] });
  const stopIds = [ids[0]!];
  const at = await generate(network, prompt, { maxNewTokens: 4, stopIds });
  expect(at).toEqual({ ids: stopIds, finish: "stop" });
  const logits = (await allLogits(network, prompt, [6])).slice(-V);
  logits[ids[0]!] = Number.NEGATIVE_INFINITY;
  const second = logits.indexOf(Math.max(...logits));
  const later = await generate(network, prompt, { maxNewTokens: 4, stopIds, minNewTokens: 1 });
  expect(later.ids[0]).toBe(second);
  expect((await generate(network, prompt, { maxNewTokens: 4, stopIds, minNewTokens: 4 })).ids).not.toContain(
    ids[0]!,
  );
});
