import type { Measured, Outcome } from "../../contracts/verdict.ts";
import type { Asking } from "../benchmark.ts";
import { type Comparison, compare } from "../results/figures.ts";
import { outcomeOf } from "../verdict/headlines.ts";
import type { AskedBenchmark, AskedItem } from "./entry.ts";

export interface CompareOptions {
  /** Each with each, however many there are. */
  isEach?: boolean;
  /** On the questions that both were asked, where others are not the same. */
  isShared?: boolean;
  /** With the bootstrap's intervals, which take long. */
  isResampled?: boolean;
}

/** What comes of two models on one benchmark. */
export interface Pairing
  extends Pick<
    Comparison,
    "method" | "stderr" | "p" | "mcnemar_p" | "bootstrap" | "clusters" | "wins" | "losses" | "ties"
  > {
  outcome: Outcome | undefined;
  difference?: Measured;
  /** Questions that both were asked. */
  n: number;
  /** Questions that only one of them was asked. */
  unlike: number;
  /** Ids of these: only in the first, only in the second. */
  only?: readonly [string[], string[]];
  /** Same questions in other prompts: examples, templates, instructions differ. */
  other_prompts?: number;
  /** The verdict is on shared questions alone, as was asked for. */
  is_shared?: boolean;
}

/**
 * A verdict needs the same questions with the same right answers. Pairs are found by what was asked, not by
 * place, so that an order or an offset cannot mislead.
 */
export function comparePair(
  a: AskedBenchmark,
  b: AskedBenchmark,
  { metrics, headline }: Asking,
  { isShared = false, isResampled = true }: CompareOptions,
): Pairing {
  const [keysA, keysB] = [keysOf(a.items), keysOf(b.items)];
  const same = [...keysA].flatMap(([key, item]) => {
    const other = keysB.get(key);
    return other ? [[item, other] as const] : [];
  });
  const only = [onlyIn(keysA, keysB), onlyIn(keysB, keysA)] as const;
  const unlike = only[0].length + only[1].length;
  const prompts = same.filter(([one, other]) => one.prompt !== other.prompt).length;
  const facts = {
    ...(unlike > 0 && { only }),
    ...(prompts > 0 && { other_prompts: prompts }),
    ...(unlike > 0 && isShared && { is_shared: true }),
  };
  if ((unlike > 0 && !isShared) || same.length === 0)
    return { outcome: undefined, n: same.length, unlike, ...facts };
  // A test set of one's own may have been scored by more in one run than in the other.
  const scoresOf = ({ scores }: AskedItem) => scores.filter(({ metric }) => Object.hasOwn(metrics, metric));
  const found = compare(
    same.map(([item]) => scoresOf(item)),
    same.map(([, item]) => scoresOf(item)),
    metrics,
    same.map(([item, other]) => item.document ?? other.document),
    { isResampled },
  ).find(({ slice, metric }) => slice === "" && metric === headline.metric);
  if (!found) return { outcome: undefined, n: 0, unlike, ...facts };
  return { ...measuredPairing(found), unlike, ...facts };
}

/** A comparison of results as a pairing. */
export function measuredPairing(found: Comparison): Pairing {
  const { difference: value, low, high, n, method, stderr, p, mcnemar_p, bootstrap, clusters } = found;
  const { wins, losses, ties } = found;
  const interval = low === undefined || high === undefined ? {} : { low, high };
  return {
    ...{ outcome: outcomeOf(found), difference: { value, ...interval }, n, unlike: 0 },
    ...Object.fromEntries(
      Object.entries({ method, stderr, p, mcnemar_p, bootstrap, clusters, wins, losses, ties }).filter(
        ([, one]) => one !== undefined,
      ),
    ),
  };
}

/** Items by what they ask; the second of two that ask the same has a key of its own. */
function keysOf(items: readonly AskedItem[]): Map<string, AskedItem> {
  const keys = new Map<string, AskedItem>();
  const seen = new Map<string, number>();
  for (const item of items) {
    const count = seen.get(item.content) ?? 0;
    seen.set(item.content, count + 1);
    keys.set(`${item.content} ${count}`, item);
  }
  return keys;
}

function onlyIn(own: ReadonlyMap<string, AskedItem>, other: ReadonlyMap<string, AskedItem>): string[] {
  return [...own].filter(([key]) => !other.has(key)).map(([, { id }]) => id);
}
