import { compareIds } from "./compare-ids.ts";

/** A text [T] of which the tokens from index `from` on are scored, given all before them. 1 ≤ from < T. */
export interface Scored {
  ids: Int32Array;
  from: number;
}

/** Texts that go through the layers after what they have in common, their trunk. */
export interface SharedTexts {
  /** Tokens that all of them begin with, none of which is scored or predicts one that is. */
  length: number;
  /** Places of texts that share no more. */
  leaves: number[];
  /** Groups of them that do. */
  branches: SharedTexts[];
}

/** Tokens in common from which texts are looked at together. */
const leastShared = 8;
/**
 * A trunk pays where it saves so many tokens, and more where it has to copy the keys and values of many that
 * come before it.
 */
const leastSaved = 48;
const copiedForOne = 32;

/** Which beginnings of texts to compute once. */
export function sharedTexts(texts: readonly Scored[]): SharedTexts {
  const order = [...texts.keys()].sort((a, b) => compareIds(texts[a]!.ids, texts[b]!.ids));
  return branchOf(texts, order, 0);
}

/** `group`: places in the order of `compareIds`; `length`: what they are known to share. */
function branchOf(texts: readonly Scored[], group: readonly number[], length: number): SharedTexts {
  const branch: SharedTexts = { length, leaves: [], branches: [] };
  for (const run of runsThatShare(texts, group, length + leastShared)) {
    const common = sharedLength(texts, run);
    const saved = (run.length - 1) * (common - length);
    if (saved >= leastSaved + length / copiedForOne) branch.branches.push(branchOf(texts, run, common));
    else branch.leaves.push(...run);
  }
  return branch;
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
