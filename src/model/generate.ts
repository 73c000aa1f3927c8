import { type Random, randomOf } from "../random.ts";
import type { GenerateOptions, GenerateResult } from "./api.ts";
import { continueAll, logitsOf } from "./continuation.ts";
import type { Network } from "./network.ts";
import { chooseToken } from "./sampling.ts";
import { releaseStarted, type Started, startAll } from "./start.ts";

/** Continues a prompt with a key-value cache: the prompt in pieces, then one token at a time. */
export async function generate(
  network: Network,
  prompt: Int32Array,
  options: GenerateOptions,
): Promise<GenerateResult> {
  return (await generateBatch(network, [prompt], options))[0]!;
}

/**
 * Continues several prompts side by side: each step takes one token of every sequence that has not ended through the
 * layers together. Greedy answers are those that each prompt gets alone; draws have a seed for each place. What
 * prompts begin with in common is computed once.
 */
export async function generateBatch(
  network: Network,
  prompts: readonly Int32Array[],
  options: GenerateOptions,
): Promise<GenerateResult[]> {
  const started = await startAll(network, prompts, options.maxNewTokens);
  try {
    return await continueStarted(network, started, options);
  } finally {
    for (const one of started) releaseStarted(network, one);
  }
}

interface Live {
  place: number;
  sequence: Started;
  random: Random;
  ids: number[];
  seen: Set<number>;
}

/** Continues sequences whose caches hold their prompts. Theirs are the caller's to release. */
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
    seen: new Set(sequence.ids),
  }));
  const rows: Float32Array[] = [];
  for (const { last } of started) rows.push(await logitsOf(network, last));
  let logitsOfPlace = (i: number): Float32Array => rows[i]!;
  for (let count = 0; count < maxNewTokens && live.length > 0; count++) {
    const going: Live[] = [];
    for (const [i, one] of live.entries()) {
      const id = chooseToken(logitsOfPlace(i), sampling, one.seen, one.random.next);
      one.ids.push(id);
      one.seen.add(id);
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
