import { type EditTable, insert, keep, remove } from "./edit-table.ts";

const maxShiftSize = 10;
const maxShiftDistance = 50;

interface Shift {
  /** Edits that it saves; 0 and the words as they were where there is none. */
  gain: number;
  words: number[];
  /** Shifts looked at so far. */
  candidates: number;
}

/**
 * The shift of a run of words that saves most edits, among runs that also stand in the reference; among
 * equals the longest run, then the one that stands first, then the first place. Where to look is Tercom's
 * heuristic.
 */
export function bestShift(
  words: number[],
  reference: readonly number[],
  table: EditTable,
  candidatesBefore: number,
  maxCandidates: number,
): Shift {
  const { edits, trace } = table.begin(words);
  const { placeOf, wrongBefore, referenceWrongBefore } = alignmentOf(trace);
  let candidates = candidatesBefore;
  let best: { gain: number; length: number; start: number; to: number; words: number[] } | undefined;
  for (const [start, inReference, length] of sharedRuns(words, reference)) {
    // Only a run that is wrong where it is, and that is missing where it would come to.
    if (wrongBefore[start + length] === wrongBefore[start]) continue;
    if (referenceWrongBefore[inReference + length] === referenceWrongBefore[inReference]) continue;
    const aligned = placeOf[inReference]!;
    if (start <= aligned && aligned < start + length) continue;
    let previous = -1;
    for (let offset = -1; offset < length; offset++) {
      const at = inReference + offset;
      const place = placeOf[at];
      if (at !== -1 && place === undefined) break;
      const to = at === -1 ? 0 : place! + 1;
      if (to === previous) continue;
      previous = to;
      const shifted = shift(words, start, length, to);
      // The run and what it passes.
      const until =
        to < start ? start + length : Math.min(words.length, to > start + length ? to : to + length);
      const gain = edits - table.variant(shifted, Math.min(start, to), until);
      const candidate = { gain, length, start, to, words: shifted };
      candidates++;
      if (best === undefined || isBetter(candidate, best)) best = candidate;
    }
    if (candidates >= maxCandidates) break;
  }
  return { gain: best?.gain ?? 0, words: best?.words ?? words, candidates };
}

type Ranked = { gain: number; length: number; start: number; to: number };
function isBetter(one: Ranked, other: Ranked): boolean {
  if (one.gain !== other.gain) return one.gain > other.gain;
  if (one.length !== other.length) return one.length > other.length;
  if (one.start !== other.start) return one.start < other.start;
  return one.to < other.to;
}

function shift(words: readonly number[], start: number, length: number, to: number): number[] {
  const run = words.slice(start, start + length);
  const rest = [...words.slice(0, start), ...words.slice(start + length)];
  // Places count in the words as they are; within the run itself, from its start.
  const at = to < start ? to : to > start + length ? to - length : to;
  return [...rest.slice(0, at), ...run, ...rest.slice(at)];
}

/** Runs of words that stand in both, at places not far from each other. */
function* sharedRuns(
  words: readonly number[],
  reference: readonly number[],
): Generator<readonly [start: number, inReference: number, length: number]> {
  for (const [start, word] of words.entries()) {
    const from = Math.max(0, start - maxShiftDistance);
    const to = Math.min(reference.length - 1, start + maxShiftDistance);
    for (let inReference = from; inReference <= to; inReference++) {
      if (reference[inReference] !== word) continue;
      const most = Math.min(maxShiftSize, words.length - start, reference.length - inReference);
      for (let length = 1; length <= most; length++) {
        yield [start, inReference, length];
        if (words[start + length] !== reference[inReference + length]) break;
      }
    }
  }
}

/** Where each word of the reference stands in the prediction, and how many words before a place are wrong. */
function alignmentOf(trace: readonly number[]): {
  placeOf: number[];
  wrongBefore: number[];
  referenceWrongBefore: number[];
} {
  const placeOf: number[] = [];
  const wrongBefore = [0];
  const referenceWrongBefore = [0];
  let place = -1;
  for (const operation of trace) {
    const wrong = operation === keep ? 0 : 1;
    if (operation !== insert) {
      place++;
      wrongBefore.push(wrongBefore.at(-1)! + wrong);
    }
    if (operation !== remove) {
      placeOf.push(place);
      referenceWrongBefore.push(referenceWrongBefore.at(-1)! + wrong);
    }
  }
  return { placeOf, wrongBefore, referenceWrongBefore };
}
