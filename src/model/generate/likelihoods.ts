import { cacheBytes } from "../cost.ts";
import { hidden, openPass } from "../forward.ts";
import type { Network } from "../network.ts";
import { headScores } from "../score.ts";
import { KeyValueCache } from "./kv-cache.ts";
import { continueAll, prefill } from "./prefill.ts";
import { type Scored, type SharedTexts, sharedTexts } from "./shared-texts.ts";

export interface Likelihood {
  /** Of the scored tokens together, in nats. */
  logLikelihood: number;
  /** Each scored token is the likeliest one where it stands. */
  isGreedy: boolean;
}

/** A result, and the place of its text among those that were given. */
export type Placed = { place: number } & Likelihood;

/** Tokens that go through the layers together. */
const batchTokens = 2048;
/** What the keys and values of trunks that are made together may take. */
const mostCacheBytes = 2 ** 29;

/**
 * Scores texts in an order of its own, and yields results as they are made. What several texts begin with
 * goes through the layers once: the examples before all questions of a task, a document before its questions,
 * a question before its choices. Texts go through side by side. Throws RangeError for a text with nothing
 * before what is scored, or nothing to score.
 */
export async function* likelihoods(network: Network, texts: readonly Scored[]): AsyncGenerator<Placed[]> {
  for (const { ids, from } of texts) {
    if (from < 1 || from >= ids.length)
      throw new RangeError(
        `score: expected 1 to ${ids.length - 1} tokens before the scored ones, got ${from}`,
      );
  }
  if (texts.length > 0) yield* scoreShared({ network, texts }, sharedTexts(texts), null);
}

interface Scoring {
  network: Network;
  texts: readonly Scored[];
}

/** A text to score, and what it begins with; null: nothing of it was computed. */
interface Leaf {
  place: number;
  trunk: KeyValueCache | null;
}

/** `trunk`: holds the first `shared.length` tokens of all these texts. */
async function* scoreShared(
  scoring: Scoring,
  { length, leaves, branches }: SharedTexts,
  trunk: KeyValueCache | null,
): AsyncGenerator<Placed[]> {
  const own = leaves.map((place) => ({ place, trunk }));
  for (const some of inBatches(own, ({ place }) => scoring.texts[place]!.ids.length - length, batchTokens))
    yield await scoreLeaves(scoring, some);
  const { config } = scoring.network;
  // A branch takes the share of a batch that its tokens or its cache take, whichever is more.
  const shareOf = (branch: SharedTexts): number =>
    Math.max(
      branch.length - length,
      (batchTokens * cacheBytes(config, longestOf(scoring, branch))) / mostCacheBytes,
    );
  for (const some of inBatches(branches, shareOf, batchTokens)) yield* scoreBranches(scoring, some, trunk);
}

/** Makes the trunks of branches together, and scores their leaves together. */
async function* scoreBranches(
  scoring: Scoring,
  branches: readonly SharedTexts[],
  trunk: KeyValueCache | null,
): AsyncGenerator<Placed[]> {
  const { network, texts } = scoring;
  const trunks: KeyValueCache[] = [];
  try {
    const parts: { cache: KeyValueCache; ids: Int32Array }[] = [];
    for (const branch of branches) {
      const capacity = longestOf(scoring, branch);
      const cache = (await trunk?.fork(capacity)) ?? new KeyValueCache(network, capacity);
      trunks.push(cache);
      const { ids } = texts[anyOf(branch)]!;
      parts.push({ cache, ids: ids.subarray(trunk?.length ?? 0, branch.length) });
    }
    const [first] = parts;
    if (parts.length === 1) network.device.release(await prefill(network, first!.cache, first!.ids));
    else network.device.release(await continueAll(network, parts, true));
    const leaves = branches.flatMap((branch, i) =>
      branch.leaves.map((place) => ({ place, trunk: trunks[i]!, length: branch.length })),
    );
    const sizeOf = ({ place, length }: (typeof leaves)[number]) => texts[place]!.ids.length - length;
    for (const some of inBatches(leaves, sizeOf, batchTokens)) yield await scoreLeaves(scoring, some);
    for (const [i, branch] of branches.entries())
      yield* scoreShared(scoring, { ...branch, leaves: [] }, trunks[i]!);
  } finally {
    for (const cache of trunks) cache.release();
  }
}

/** Scores texts side by side, each after its trunk; either all have one or none has. */
async function scoreLeaves({ network, texts }: Scoring, leaves: readonly Leaf[]): Promise<Placed[]> {
  const { device } = network;
  // What is the same but for the token that it ends with, as a question before letters, goes through once.
  const parts = new Map<string, { cache: KeyValueCache | null; ids: Int32Array; start: number }>();
  const rows: number[] = [];
  const targets: number[] = [];
  const trunks = new Map<KeyValueCache | null, number>();
  let total = 0;
  for (const { place, trunk } of leaves) {
    const { ids, from } = texts[place]!;
    const known = trunk?.length ?? 0;
    if (!trunks.has(trunk)) trunks.set(trunk, trunks.size);
    // The last token of a text predicts nothing that is asked for.
    const own = ids.subarray(known, -1);
    const key = `${trunks.get(trunk)} ${own.join()}`;
    const part = parts.get(key) ?? { cache: trunk, ids: own, start: total };
    if (!parts.has(key)) total += own.length;
    parts.set(key, part);
    for (let t = from; t < ids.length; t++) {
      rows.push(part.start + t - 1 - known);
      targets.push(ids[t]!);
    }
  }
  const x = await streamOf(network, [...parts.values()], rows);
  const { nll, isTop } = await headScores(network, x, Int32Array.from(targets));
  device.release(x);
  let end = 0;
  return leaves.map(({ place }) => {
    const begin = end;
    end += texts[place]!.ids.length - texts[place]!.from;
    // Sums are of float64, so that the order in which tokens were computed does not show.
    const logLikelihood = -nll.subarray(begin, end).reduce((sum, one) => sum + one, 0);
    return { place, logLikelihood, isGreedy: isTop.slice(begin, end).every(Boolean) };
  });
}

/** The residual stream at some rows of parts that stand one after the other → [rows, D]. */
async function streamOf(
  network: Network,
  parts: readonly { cache: KeyValueCache | null; ids: Int32Array }[],
  rows: readonly number[],
) {
  const { device } = network;
  const distinct = [...new Set(rows)].sort((a, b) => a - b);
  const continued = parts.flatMap(({ cache, ids }) => (cache ? [{ cache, ids }] : []));
  // Without trunks the last layer computes the wanted rows alone.
  const isAlone = continued.length === 0;
  const all = isAlone
    ? await hidden(
        network,
        concat(parts),
        openPass(
          network,
          parts.map(({ ids }) => ids.length),
          Int32Array.from(distinct),
        ),
      )
    : await continueAll(network, continued, false);
  const placeOf = new Map(distinct.map((row, i) => [row, i]));
  const wanted = Int32Array.from(rows, (row) => (isAlone ? placeOf.get(row)! : row));
  const { y } = await network.gather.run({ x: all, ids: device.upload(wanted, [wanted.length]) });
  device.release(all);
  return y!;
}

/** Lists of things that together have at most so much, at least one in each. */
function inBatches<T>(things: readonly T[], sizeOf: (thing: T) => number, most: number): T[][] {
  const batches: T[][] = [];
  let size = 0;
  for (const thing of things) {
    const own = sizeOf(thing);
    if (batches.length === 0 || size + own > most) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)!.push(thing);
    size += own;
  }
  return batches;
}

function anyOf({ leaves, branches }: SharedTexts): number {
  return leaves[0] ?? anyOf(branches[0]!);
}

/** Tokens of the longest text of a branch: what its cache has to hold. */
function longestOf(scoring: Scoring, { leaves, branches }: SharedTexts): number {
  const { texts } = scoring;
  const inBranches = branches.map((branch) => longestOf(scoring, branch));
  return leaves.reduce((n, place) => Math.max(n, texts[place]!.ids.length), Math.max(0, ...inBranches));
}

function concat(parts: readonly { ids: Int32Array }[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { ids }) => sum + ids.length, 0));
  let at = 0;
  for (const { ids } of parts) {
    all.set(ids, at);
    at += ids.length;
  }
  return all;
}
