import type { Passage } from "./passage.ts";
import { wordsOf } from "./sentences.ts";

/**
 * Gap-sentence selection: the sentences that share most words with the rest serve as a summary and are taken
 * out of the text. The "Ind-Orig" scoring of PEGASUS (Zhang et al. 2020, arXiv 1912.08777), with unigram F1
 * (ROUGE-1) over counts. Only sentences of 40 to 400 characters are candidates.
 *
 * Returns the summary, sentences in the order of the text, and the text without them; null when there are
 * fewer than `count` candidates.
 */
export function gapSentences(passage: Passage, count: number): { summary: string; rest: string } | null {
  const bags = passage.sentences.map((range) => bagOf(passage.text.slice(range.start, range.end)));
  const whole = new Map<string, number>();
  for (const bag of bags) for (const [word, n] of bag) whole.set(word, (whole.get(word) ?? 0) + n);
  const wholeSize = bagSize(whole);

  const scored = passage.sentences.flatMap((range, i) => {
    const length = range.end - range.start;
    return length >= 40 && length <= 400 ? [{ i, score: overlapF1(bags[i]!, whole, wholeSize) }] : [];
  });
  if (scored.length < count || passage.sentences.length < count + 3) return null;
  scored.sort((a, b) => b.score - a.score || a.i - b.i);
  const chosen = new Set(scored.slice(0, count).map(({ i }) => i));

  const summary: string[] = [];
  let rest = "";
  for (const [i, range] of passage.sentences.entries()) {
    const next = passage.sentences[i + 1]?.start ?? range.end;
    if (chosen.has(i)) summary.push(passage.text.slice(range.start, range.end).replace(/\s+/g, " "));
    else rest += passage.text.slice(range.start, next);
  }
  return { summary: summary.join(" "), rest: rest.trim() };
}

/** ROUGE-1 F between one sentence and all others together. */
function overlapF1(bag: Map<string, number>, whole: Map<string, number>, wholeSize: number): number {
  let shared = 0;
  for (const [word, n] of bag) shared += Math.min(n, (whole.get(word) ?? 0) - n);
  return (2 * shared) / wholeSize; // 2·P·R/(P+R) with P = shared/size, R = shared/(wholeSize − size)
}

function bagOf(text: string): Map<string, number> {
  const bag = new Map<string, number>();
  for (const { word } of wordsOf(text)) bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}

function bagSize(bag: Map<string, number>): number {
  let size = 0;
  for (const n of bag.values()) size += n;
  return size;
}
