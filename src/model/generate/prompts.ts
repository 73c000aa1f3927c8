import type { Tensor } from "../../engine/device.ts";
import type { Network } from "../network.ts";
import { compareIds } from "./compare-ids.ts";
import { KeyValueCache } from "./kv-cache.ts";
import { prefill } from "./prefill.ts";

/** A sequence whose prompt is in its cache. */
export interface Started {
  cache: KeyValueCache;
  /** The residual stream of its last token, [1, D]. */
  last: Tensor;
  /** Its tokens [T], for the repetition penalty. */
  ids: Int32Array;
}

/** Tokens in common from which it pays to compute them once and copy their cache. */
const leastShared = 64;

/**
 * Takes prompts [T] into caches of their own, with room for `newTokens` more; the results are in their order.
 * What several prompts begin with, as a document before several questions, goes through the layers once.
 * Throws RangeError for an empty prompt.
 */
export async function startAll(
  network: Network,
  prompts: readonly Int32Array[],
  newTokens: number,
): Promise<Started[]> {
  if (prompts.some(({ length }) => length === 0)) {
    throw new RangeError("generate: expected prompts of one token or more, got an empty one");
  }
  const started: Started[] = [];
  try {
    const order = [...prompts.keys()].sort((a, b) => compareIds(prompts[a]!, prompts[b]!));
    await startGroup({ network, prompts, newTokens, started }, order, null);
  } catch (error) {
    for (const one of started) releaseStarted(network, one);
    throw error;
  }
  return started;
}

/** What all groups of prompts have in common. */
interface Starting {
  network: Network;
  prompts: readonly Int32Array[];
  newTokens: number;
  /** By the place of the prompt; filled here. */
  started: Started[];
}

/**
 * `trunk`: a cache of what the whole group begins with. `group`: places of prompts, in the order of
 * `compareIds`.
 */
async function startGroup(
  starting: Starting,
  group: readonly number[],
  trunk: KeyValueCache | null,
): Promise<void> {
  const { network, prompts, newTokens, started } = starting;
  const known = trunk?.length ?? 0;
  const grow = (capacity: number) => trunk?.fork(capacity) ?? new KeyValueCache(network, capacity);
  for (const run of runsThatShare(prompts, group, known + leastShared)) {
    const ids = prompts[run[0]!]!;
    const common = sharedLength(ids, prompts[run.at(-1)!]!);
    const isOne = run.length === 1;
    const cache = await grow(isOne ? ids.length + newTokens : common);
    try {
      const last = await prefill(network, cache, ids.subarray(known, isOne ? ids.length : common));
      if (isOne) {
        started[run[0]!] = { cache, last, ids };
        continue;
      }
      network.device.release(last);
      await startGroup(starting, run, cache);
      cache.release();
    } catch (error) {
      cache.release();
      throw error;
    }
  }
}

/** A group in the order of `compareIds`, cut where neighbours have fewer than `least` tokens in common. */
function runsThatShare(prompts: readonly Int32Array[], group: readonly number[], least: number): number[][] {
  const runs: number[][] = [];
  for (const place of group) {
    const before = runs.at(-1)?.at(-1);
    const joins = before !== undefined && sharedLength(prompts[before]!, prompts[place]!) >= least;
    if (joins) runs.at(-1)!.push(place);
    else runs.push([place]);
  }
  return runs;
}

/**
 * How many tokens both begin with. The last one of either does not count, because the first new token follows
 * it.
 */
function sharedLength(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length) - 1;
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

export function releaseStarted({ device }: Network, { cache, last }: Started): void {
  cache.release();
  device.release(last);
}
