import { hidden, openPass } from "../forward.ts";
import type { Network } from "../network.ts";
import { headScores } from "../score.ts";
import { compareIds } from "./compare-ids.ts";
import { KeyValueCache } from "./kv-cache.ts";
import { continueAll, prefill } from "./prefill.ts";

/** A text [T] of which the tokens from index `from` on are scored, given all before them. 1 ≤ from < T. */
export interface Scored {
  ids: Int32Array;
  from: number;
}

export interface Likelihood {
  /** Of the scored tokens together, in nats. */
  logLikelihood: number;
  /** Each scored token is the likeliest one where it stands. */
  isGreedy: boolean;
}

/** A result, and the place of its text among those that were given. */
export type Placed = { place: number } & Likelihood;

/** Tokens in common from which it pays to compute them once. */
const leastShared = 48;
/** Tokens that go through the layers together. */
const batchTokens = 2048;

/**
 * Scores texts in an order of its own, and yields results as they are made. What several texts begin with
 * goes through the layers once: the examples before all questions of a task, a document before its questions,
 * a question before its choices. Texts that share little go through side by side. Throws RangeError for a
 * text with nothing before what is scored, or nothing to score.
 */
export async function* likelihoods(network: Network, texts: readonly Scored[]): AsyncGenerator<Placed[]> {
  for (const { ids, from } of texts) {
    if (from < 1 || from >= ids.length)
      throw new RangeError(
        `score: expected 1 to ${ids.length - 1} tokens before the scored ones, got ${from}`,
      );
  }
  const order = [...texts.keys()].sort((a, b) => compareIds(texts[a]!.ids, texts[b]!.ids));
  yield* scoreGroup(network, texts, order, null);
}

/**
 * `trunk`: a cache of what the whole group begins with, without anything that is scored. `group`: places, in
 * the order of `compareIds`.
 */
async function* scoreGroup(
  network: Network,
  texts: readonly Scored[],
  group: readonly number[],
  trunk: KeyValueCache | null,
): AsyncGenerator<Placed[]> {
  const known = trunk?.length ?? 0;
  const leaves: number[] = [];
  let tokens = 0;
  for (const run of runsThatShare(texts, group, known + leastShared)) {
    const common = sharedLength(texts, run);
    // One text alone gets a trunk where it is too long to go through at once.
    const isLong = texts[run[0]!]!.ids.length - known > batchTokens;
    if (common - known >= leastShared && (run.length > 1 || (trunk !== null && isLong))) {
      const longest = run.reduce((n, place) => Math.max(n, texts[place]!.ids.length), 0);
      const cache = (await trunk?.fork(longest)) ?? new KeyValueCache(network, longest);
      try {
        const ids = texts[run[0]!]!.ids.subarray(known, common);
        network.device.release(await prefill(network, cache, ids));
        yield* scoreGroup(network, texts, run, cache);
      } finally {
        cache.release();
      }
      continue;
    }
    for (const place of run) {
      const own = texts[place]!.ids.length - known;
      if (leaves.length > 0 && tokens + own > batchTokens) {
        yield await scoreLeaves(network, texts, leaves.splice(0), trunk);
        tokens = 0;
      }
      leaves.push(place);
      tokens += own;
    }
  }
  if (leaves.length > 0) yield await scoreLeaves(network, texts, leaves, trunk);
}

/** Scores texts side by side, each after the trunk. */
async function scoreLeaves(
  network: Network,
  texts: readonly Scored[],
  places: readonly number[],
  trunk: KeyValueCache | null,
): Promise<Placed[]> {
  const { device } = network;
  const known = trunk?.length ?? 0;
  // The last token of a text predicts nothing that is asked for.
  const parts = places.map((place) => texts[place]!.ids.subarray(known, -1));
  const rows: number[] = [];
  const targets: number[] = [];
  let start = 0;
  for (const [i, place] of places.entries()) {
    const { ids, from } = texts[place]!;
    for (let t = from; t < ids.length; t++) {
      rows.push(start + t - 1 - known);
      targets.push(ids[t]!);
    }
    start += parts[i]!.length;
  }
  const wanted = Int32Array.from(rows);
  const x = trunk
    ? await afterTrunk(network, trunk, parts, wanted)
    : await hidden(
        network,
        concat(parts),
        openPass(
          network,
          parts.map(({ length }) => length),
          wanted,
        ),
      );
  const { nll, isTop } = await headScores(network, x, Int32Array.from(targets));
  device.release(x);
  let end = 0;
  return places.map((place) => {
    const begin = end;
    end += texts[place]!.ids.length - texts[place]!.from;
    // Sums are of float64, so that the order in which tokens were computed does not show.
    const logLikelihood = -nll.subarray(begin, end).reduce((sum, one) => sum + one, 0);
    return { place, logLikelihood, isGreedy: isTop.slice(begin, end).every(Boolean) };
  });
}

/** The residual stream at `wanted` rows [M] of parts that each follow the trunk → [M, D]. */
async function afterTrunk(
  network: Network,
  trunk: KeyValueCache,
  parts: readonly Int32Array[],
  wanted: Int32Array,
) {
  const { device } = network;
  const all = await continueAll(
    network,
    parts.map((ids) => ({ cache: trunk, ids })),
    false,
  );
  const { y } = await network.gather.run({ x: all, ids: device.upload(wanted, [wanted.length]) });
  device.release(all);
  return y!;
}

/** A group in the order of `compareIds`, cut where neighbours have fewer than `least` tokens in common. */
function runsThatShare(texts: readonly Scored[], group: readonly number[], least: number): number[][] {
  const runs: number[][] = [];
  for (const place of group) {
    const before = runs.at(-1)?.at(-1);
    if (before !== undefined && sharedLength(texts, [before, place]) >= least) runs.at(-1)!.push(place);
    else runs.push([place]);
  }
  return runs;
}

/**
 * How many tokens a run begins with that are the same in all of it, less those that are needed to predict
 * what is scored. The run is in the order of `compareIds`.
 */
function sharedLength(texts: readonly Scored[], run: readonly number[]): number {
  const [a, b] = [texts[run[0]!]!.ids, texts[run.at(-1)!]!.ids];
  const most = run.reduce((least, place) => Math.min(least, texts[place]!.from - 1), a.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
