import type { Tensor } from "../engine/device.ts";
import { type Random, randomOf } from "../random.ts";
import type { GenerateOptions, GenerateResult } from "./api.ts";
import { continueAll, logitsOf, prefill } from "./continuation.ts";
import { KeyValueCache } from "./kv-cache.ts";
import type { Network } from "./network.ts";
import { chooseToken } from "./sampling.ts";

/** Continues a prompt with a key-value cache: the prompt in pieces, then one token at a time. */
export async function generate(
  network: Network,
  prompt: Int32Array,
  options: GenerateOptions,
): Promise<GenerateResult> {
  return (await generateBatch(network, [prompt], options))[0]!;
}

/** A sequence that is being continued. */
export interface Started {
  cache: KeyValueCache;
  /** The residual stream after its last token, [1, D]. */
  last: Tensor;
  /** Ids that are there already, for the repetition penalty. */
  ids: readonly number[];
}

/**
 * Continues several prompts side by side: each step takes one token of every sequence that has not ended through the
 * layers together. Greedy answers are those that each prompt gets alone; draws have a seed for each place.
 */
export async function generateBatch(
  network: Network,
  prompts: readonly Int32Array[],
  options: GenerateOptions,
): Promise<GenerateResult[]> {
  const started: Started[] = [];
  try {
    for (const prompt of prompts) {
      if (prompt.length === 0)
        throw new RangeError("generate: expected a prompt of one token or more, got none");
      const cache = new KeyValueCache(network, prompt.length + options.maxNewTokens);
      started.push({ cache, last: await prefill(network, cache, prompt), ids: [...prompt] });
    }
    return await continueStarted(network, started, options);
  } finally {
    for (const { cache } of started) cache.release();
  }
}

interface Live {
  place: number;
  sequence: Started;
  random: Random;
  ids: number[];
}

/** Continues sequences whose caches hold their prompts. Releases each `last`; the caches stay the caller's. */
export async function continueStarted(
  network: Network,
  started: readonly Started[],
  { maxNewTokens, stopIds, onToken, seed = 0, ...sampling }: GenerateOptions,
): Promise<GenerateResult[]> {
  const { device, config } = network;
  const stops = new Set(stopIds);
  const results: GenerateResult[] = started.map(() => ({ ids: [], finish: "length" }));
  let live: Live[] = started.map((sequence, place) => ({
    place,
    sequence,
    random: randomOf(seed, place === 0 ? "generate" : `generate ${place}`),
    ids: results[place]!.ids,
  }));
  const rows = await Promise.all(started.map(({ last }) => logitsOf(network, last)));
  device.release(...started.map(({ last }) => last));
  let logitsOfPlace = (i: number): Float32Array => rows[i]!;
  for (let count = 0; count < maxNewTokens && live.length > 0; count++) {
    const going: Live[] = [];
    for (const [i, one] of live.entries()) {
      const seen = [...one.sequence.ids, ...one.ids];
      const id = chooseToken(logitsOfPlace(i), sampling, seen, one.random.next);
      one.ids.push(id);
      if (onToken?.(id, one.place) === false) results[one.place]!.finish = "caller";
      else if (stops.has(id)) results[one.place]!.finish = "stop";
      else going.push(one);
    }
    live = going;
    if (live.length === 0 || count + 1 === maxNewTokens) break;
    const parts = live.map(({ sequence, ids }) => ({
      cache: sequence.cache,
      ids: Int32Array.of(ids.at(-1)!),
    }));
    const x = await continueAll(network, parts, true);
    const all = await logitsOf(network, x);
    device.release(x);
    logitsOfPlace = (i) => all.subarray(i * config.vocab_size, (i + 1) * config.vocab_size);
  }
  return results;
}
