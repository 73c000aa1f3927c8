import type { Tensor } from "../../engine/device.ts";
import { windowOf } from "../config/layers.ts";
import { programsFor } from "../layers/few-rows.ts";
import { byRows } from "../layers/row-chunks.ts";
import { embed, layerFeeds, type Network, positionFeeds } from "../network.ts";
import { headFeeds } from "../score.ts";
import type { KeyValueCache, Seen } from "./kv-cache.ts";

/** New tokens [n] of one sequence, which follow what its cache holds. */
export interface NewTokens {
  cache: KeyValueCache;
  ids: Int32Array;
}

/**
 * Most tokens of a prompt that go through the layers at once, so that only the cache grows with the prompt.
 */
const prefillTokens = 2048;

/**
 * Takes new tokens of several sequences through the layers → the residual stream after the last layer,
 * [Σ n, D]. Their rows go through every product together, and attention sees each sequence's own cache.
 * `commit`: the caches keep them.
 */
export async function continueAll(
  network: Network,
  parts: readonly NewTokens[],
  commit: boolean,
): Promise<Tensor> {
  const { device, config } = network;
  const total = parts.reduce((sum, { ids }) => sum + ids.length, 0);
  const ids = new Int32Array(total);
  const positions = new Int32Array(total);
  const starts: number[] = [];
  let start = 0;
  for (const part of parts) {
    starts.push(start);
    ids.set(part.ids, start);
    for (let i = 0; i < part.ids.length; i++) positions[start + i] = part.cache.length + i;
    start += part.ids.length;
  }
  const programs = programsFor(network, total);
  const rope = positionFeeds(network, positions);
  let x = await embed(network, ids);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const weights = layerFeeds(network, layer);
    const { q, k, v } = await byRows(device, programs.before, { ...weights, ...rope, x });
    const o = parts.length === 1 ? undefined : device.empty(q!.shape);
    let alone: Tensor | undefined;
    for (const [i, { cache, ids: own }] of parts.entries()) {
      const cut = (tensor: Tensor) => device.rows(tensor, starts[i]!, starts[i]! + own.length);
      const result = await attend(network, layer, cache, [cut(q!), cut(k!), cut(v!)], commit);
      if (!o) alone = result;
      else {
        await device.write(cut(o), await device.read(result));
        device.release(result);
      }
    }
    const seen = (o ?? alone)!;
    const { y } = await byRows(device, programs.after, { ...weights, x, o: seen });
    device.release(x, q!, k!, v!, seen);
    x = y!;
  }
  if (commit) for (const { cache, ids: own } of parts) cache.length += own.length;
  return x;
}

/** q [n, N·H], k and v [n, K·H] of new tokens of one sequence → o [n, N·H]. */
async function attend(
  network: Network,
  layer: number,
  cache: KeyValueCache,
  [q, k, v]: readonly [Tensor, Tensor, Tensor],
  commit: boolean,
): Promise<Tensor> {
  const n = q.shape[0]!;
  const seen: Seen = await cache.extend(layer, k, v, commit);
  const window = windowOf(network.config, network.config.layer_types[layer]!);
  const spans = { segments: [seen.from + n], window, from: seen.from };
  const o = await network.attention.forward(q, seen.k, seen.v, spans);
  seen.release();
  return o;
}

/**
 * Takes a prompt [T] into the cache → the residual stream of its last token, [1, D]. Throws RangeError where
 * it is empty.
 */
export async function prefill(network: Network, cache: KeyValueCache, prompt: Int32Array): Promise<Tensor> {
  const { device } = network;
  let last: Tensor | undefined;
  for (let start = 0; start < prompt.length; start += prefillTokens) {
    const ids = prompt.subarray(start, start + prefillTokens);
    const x = await continueAll(network, [{ cache, ids }], true);
    if (last) device.release(last);
    last = device.empty([1, network.config.hidden_size]);
    await device.write(last, await device.read(device.rows(x, ids.length - 1, ids.length)));
    device.release(x);
  }
  if (!last) throw new RangeError("prompt: expected one token or more, got none");
  return last;
}

/** Rows of the residual stream x [B, D] → their logits, [B, V] on the host. */
export async function logitsOf(network: Network, x: Tensor): Promise<Float32Array> {
  const { logits } = await programsFor(network, x.shape[0]!).logits.run({ ...headFeeds(network), x });
  const values = ((await network.device.read(logits!)) as Float32Array).slice();
  network.device.release(logits!);
  return values;
}
