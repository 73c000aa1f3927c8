import type { Tensor } from "../engine/device.ts";
import { randomOf } from "../random.ts";
import type { GenerateOptions, GenerateResult } from "./api.ts";
import { KeyValueCache } from "./kv-cache.ts";
import { embed, layerFeeds, type Network, positionFeeds, positionsOf, spansOf } from "./network.ts";
import { headFeeds } from "./score.ts";

/** Continues a prompt with a key-value cache: one pass over the prompt, then one token at a time. */
export async function generate(
  network: Network,
  prompt: Int32Array,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const { maxNewTokens, stopIds, onToken } = options;
  if (prompt.length === 0) throw new RangeError("generate: expected a prompt of one token or more, got none");
  const stops = new Set(stopIds);
  const random = randomOf(options.seed ?? 0, "generate");
  const cache = new KeyValueCache(network, prompt.length + maxNewTokens);
  const ids: number[] = [];
  try {
    let logits = await prefill(network, prompt, cache);
    while (ids.length < maxNewTokens) {
      const id = choose(logits, options, random.next);
      ids.push(id);
      if (onToken?.(id) === false) return { ids, finish: "caller" };
      if (stops.has(id)) return { ids, finish: "stop" };
      if (ids.length < maxNewTokens)
        logits = await decode(network, id, prompt.length + ids.length - 1, cache);
    }
    return { ids, finish: "length" };
  } finally {
    cache.release();
  }
}

/** Fills the cache from the whole prompt, [T]; returns the logits after its last token, [V]. */
async function prefill(network: Network, prompt: Int32Array, cache: KeyValueCache): Promise<Float32Array> {
  const { device, config, layer: programs, attention } = network;
  const segments = [prompt.length];
  const positions = positionFeeds(network, positionsOf(segments));
  let x = await embed(network, prompt);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const weights = layerFeeds(network, layer);
    const { q, k, v } = await programs.before.forward.run({ ...weights, ...positions, x });
    await cache.fill(layer, k!, v!);
    const o = await attention.forward(q!, k!, v!, spansOf(config, layer, segments));
    const { y } = await programs.after.forward.run({ ...weights, x, o });
    device.release(x, q!, k!, v!, o);
    x = y!;
  }
  const logits = await lastLogits(network, device.rows(x, prompt.length - 1, prompt.length));
  device.release(x);
  return logits;
}

/** One token at a position: [1, D] through every layer, seeing what the cache holds. Returns logits, [V]. */
async function decode(
  network: Network,
  id: number,
  position: number,
  cache: KeyValueCache,
): Promise<Float32Array> {
  const { device, config, layer: programs, attention } = network;
  const positions = positionFeeds(network, Int32Array.of(position));
  let x = await embed(network, Int32Array.of(id));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const weights = layerFeeds(network, layer);
    const { q, k, v } = await programs.before.forward.run({ ...weights, ...positions, x });
    const seen = await cache.append(layer, position, k!, v!);
    const o = await attention.step(q!, seen.k, seen.v);
    const { y } = await programs.after.forward.run({ ...weights, x, o });
    device.release(x, q!, k!, v!, o);
    x = y!;
  }
  const logits = await lastLogits(network, x);
  device.release(x);
  return logits;
}

async function lastLogits(network: Network, x: Tensor): Promise<Float32Array> {
  const { logits } = await network.head.logits.run({ ...headFeeds(network), x });
  const values = Float32Array.from((await network.device.read(logits!)) as Float32Array);
  network.device.release(logits!);
  return values;
}

/** Greedy at temperature 0; else a sample of the smallest set of tokens whose probability reaches topP. */
function choose(
  logits: Float32Array,
  { temperature = 0, topP = 1 }: GenerateOptions,
  uniform: () => number,
): number {
  if (temperature === 0) return logits.reduce((best, value, i) => (value > logits[best]! ? i : best), 0);
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = Float64Array.from(logits, (value) => Math.exp((value - top) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  let kept = 0;
  let mass = 0;
  while (kept < order.length && mass < topP * total) mass += weights[order[kept++]!]!;
  let point = uniform() * mass;
  for (const id of order.slice(0, kept)) {
    point -= weights[id]!;
    if (point < 0) return id;
  }
  return order[kept - 1]!;
}
