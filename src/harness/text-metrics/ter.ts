import { splitBlanks } from "./python-text.ts";
import type { References } from "./references.ts";
import { editTable } from "./ter/edit-table.ts";
import { bestShift } from "./ter/shifts.ts";

/** So many shifts are looked at for one text, as in sacrebleu; the search ends there. */
const maxCandidates = 1000;

/**
 * Translation edit rate of a corpus in percent, lower is better (Snover et al. 2006), as sacrebleu 2.6.0 with
 * its defaults: lower case, words between white space, edits against the closest reference over the average
 * length of the references.
 */
export function ter(predictions: readonly string[], references: References): number {
  const wordsOf = (text: string): string[] => splitBlanks(text.toLowerCase());
  let [edits, length] = [0, 0];
  for (const [i, prediction] of predictions.entries()) {
    const words = wordsOf(prediction);
    const alternatives = references[i]!.map(wordsOf);
    edits += Math.min(...alternatives.map((reference) => editsBetween(words, reference)));
    length += alternatives.reduce((sum, reference) => sum + reference.length, 0) / alternatives.length;
  }
  if (length > 0) return 100 * (edits / length);
  return edits > 0 ? 100 : 0;
}

/** Shifts of runs of words and then insertions, deletions and substitutions that make the reference. */
function editsBetween(prediction: readonly string[], reference: readonly string[]): number {
  if (reference.length === 0) return prediction.length;
  const known = new Map<string, number>();
  const numbers = (words: readonly string[]): number[] =>
    words.map((word) => {
      const number = known.get(word) ?? known.size;
      known.set(word, number);
      return number;
    });
  const target = numbers(reference);
  const table = editTable(target, prediction.length);
  let words = numbers(prediction);
  let [shifts, candidates] = [0, 0];
  for (;;) {
    const shift = bestShift(words, target, table, candidates, maxCandidates);
    candidates = shift.candidates;
    if (candidates >= maxCandidates || shift.gain <= 0) break;
    shifts++;
    words = shift.words;
  }
  return shifts + table.begin(words).edits;
}
