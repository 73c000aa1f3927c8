/**
 * Generation. What happens in which order, and where:
 *
 *   prompts.ts    takes prompts into caches; what several of them begin with goes through the layers once
 *                 (compare-ids.ts puts prompts that begin alike beside each other)
 *   prefill.ts    takes one prompt through the layers, 2,048 tokens at a time → the stream of its last token
 *   kv-cache.ts   holds the keys and values of one sequence: attention looks back into it
 *   generate.ts   this file: draws the next token of every sequence, until each has ended
 *   sampling.ts   draws a token from logits (kth-largest.ts finds the k likeliest)
 *   decoding.ts   takes the drawn tokens through the layers, all sequences side by side, one token of each;
 *                 the program of such a step is layers/decode-step.ts
 *   likelihoods.ts  apart from these: scores the ends of many texts, what they begin with once
 *   prefix.ts     apart from these: computes a prefix once, and scores or generates many continuations of it
 *
 * Shapes: see network.ts.
 */
import { type Random, randomOf } from "../../random.ts";
import type { GenerateOptions, GenerateResult } from "../api.ts";
import type { Network } from "../network.ts";
import { Decoding } from "./decoding.ts";
import { logitsOf } from "./prefill.ts";
import { releaseStarted, type Started, startAll } from "./prompts.ts";
import { chooseToken } from "./sampling.ts";

/** Continues one prompt [T]. Throws RangeError where it is empty. */
export async function generate(
  network: Network,
  prompt: Int32Array,
  options: GenerateOptions,
): Promise<GenerateResult> {
  return (await generateBatch(network, [prompt], options))[0]!;
}

/**
 * Continues several prompts [T] side by side: each step takes one token of every sequence that has not ended
 * through the layers together. Greedy answers are the same that each prompt gets alone; draws are seeded by
 * the prompt's place. What several prompts begin with is computed once. Throws RangeError for an empty
 * prompt.
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

/** A sequence that has not ended. */
interface Live {
  /** Its index among the prompts. */
  place: number;
  random: Random;
  ids: number[];
  seen: Set<number>;
}

/**
 * Continues sequences whose caches hold their prompts, and empties these. The caller releases them and
 * `last`.
 */
export async function continueStarted(
  network: Network,
  started: readonly Started[],
  { maxNewTokens, stopIds, minNewTokens = 0, onToken, seed = 0, seeds, ...sampling }: GenerateOptions,
): Promise<GenerateResult[]> {
  const { config } = network;
  const stops = new Set(stopIds);
  const results: GenerateResult[] = started.map(() => ({ ids: [], finish: "length" }));
  let live: Live[] = started.map((sequence, place) => ({
    place,
    random: randomOf(seeds?.[place] ?? seed, place === 0 || seeds ? "generate" : `generate ${place}`),
    ids: results[place]!.ids,
    seen: new Set(sequence.ids),
  }));
  const rows: Float32Array[] = [];
  for (const { last } of started) rows.push(await logitsOf(network, last));
  let logitsOfPlace = (i: number): Float32Array => rows[i]!;
  // Made after the first tokens: only sequences that go on need their caches in its form.
  let decoding: Decoding | null = null;
  try {
    for (let count = 0; count < maxNewTokens; count++) {
      const going: number[] = [];
      for (const [i, one] of live.entries()) {
        const logits = logitsOfPlace(i);
        if (count < minNewTokens) for (const stop of stops) logits[stop] = Number.NEGATIVE_INFINITY;
        const id = chooseToken(logits, sampling, one.seen, one.random.next);
        one.ids.push(id);
        one.seen.add(id);
        if ((await onToken?.(id, one.place)) === false) results[one.place]!.finish = "caller";
        else if (stops.has(id)) results[one.place]!.finish = "stop";
        else going.push(i);
      }
      live = going.map((i) => live[i]!);
      if (live.length === 0 || count + 1 === maxNewTokens) break;
      if (decoding) await decoding.keep(going);
      else
        decoding = await Decoding.of(
          network,
          live.map(({ place }) => started[place]!.cache),
        );
      const all = await decoding.step(Int32Array.from(live, ({ ids }) => ids.at(-1)!));
      logitsOfPlace = (i) => all.subarray(i * config.vocab_size, (i + 1) * config.vocab_size);
    }
  } finally {
    decoding?.release();
  }
  return results;
}
