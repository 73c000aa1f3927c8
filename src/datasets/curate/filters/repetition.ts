import { type Static, Type } from "@sinclair/typebox";
import { type Mapping, mapOf } from "../../../schema.ts";
import { documentText } from "../compared.ts";
import { contentsOf, defineFilter } from "../filter.ts";
import { hashWindows } from "../shingles.ts";
import { createWords, scanWords } from "../words.ts";

const share = (description: string, value: number) =>
  Type.Number({ description, minimum: 0, maximum: 1, default: value });
const shares = (description: string, value: Record<string, number>) =>
  mapOf(Type.Number({ minimum: 0, maximum: 1 }), {
    description,
    propertyNames: { pattern: "^[1-9][0-9]?$" },
    default: value,
  });

const limitOptions = {
  min_words: Type.Integer({ description: "Shorter texts are not looked at.", minimum: 1, default: 50 }),
  dup_line_frac: share("Lines that were there before, of all lines.", 0.3),
  dup_para_frac: share("Paragraphs that were there before, of all paragraphs.", 0.3),
  dup_line_char_frac: share("Characters in such lines, of all.", 0.2),
  dup_para_char_frac: share("Characters in such paragraphs, of all.", 0.2),
  top_n_grams: shares("By n: characters in the most frequent run of n words, of all.", {
    2: 0.2,
    3: 0.18,
    4: 0.16,
  }),
  dup_n_grams: shares("By n: characters in runs of n words that were there before, of all.", {
    5: 0.15,
    6: 0.14,
    7: 0.13,
    8: 0.12,
    9: 0.11,
    10: 0.1,
  }),
};

type Limits = Static<Mapping<typeof limitOptions>>;

/**
 * Gopher's repetition rules (Rae et al. 2021, arXiv 2112.11446, table A1), with datatrove's names and limits,
 * on the document and on each answer. Texts under `min_words` are left alone: shares of a few words mean
 * nothing.
 */
export const repetition = defineFilter({
  description: "documents and answers that say the same lines, paragraphs or words again and again",
  options: limitOptions,
  create: (limits) => (example) => {
    for (const text of [documentText(example), ...contentsOf(example, "answers")]) {
      const found = findRepetition(text, limits);
      if (found) return { reason: "repetition", detail: found };
    }
    return null;
  },
});

const words = createWords();

function findRepetition(text: string, limits: Limits): string | null {
  scanWords(text, words);
  if (words.count < limits.min_words) return null;
  const over = (name: string, value: number, limit: number) =>
    value > limit ? `${name} ${value.toFixed(2)} > ${limit}` : null;
  const chars = text.length;
  const paragraphs = repeated(text.trim().split(/\n{2,}/));
  const lines = repeated(text.trim().split(/\n+/));
  const simple =
    over("dup_para_frac", paragraphs.share, limits.dup_para_frac) ??
    over("dup_para_char_frac", paragraphs.chars / chars, limits.dup_para_char_frac) ??
    over("dup_line_frac", lines.share, limits.dup_line_frac) ??
    over("dup_line_char_frac", lines.chars / chars, limits.dup_line_char_frac);
  if (simple) return simple;
  const scanned = words.text.length;
  for (const [n, limit] of Object.entries(limits.top_n_grams)) {
    const found = over(`top_${n}_gram`, topRun(Number(n)) / scanned, limit);
    if (found) return found;
  }
  for (const [n, limit] of Object.entries(limits.dup_n_grams)) {
    const found = over(`dup_${n}_grams`, repeatedRuns(Number(n)) / scanned, limit);
    if (found) return found;
  }
  return null;
}

function repeated(pieces: readonly string[]): { share: number; chars: number } {
  const seen = new Set<string>();
  let [count, chars] = [0, 0];
  for (const piece of pieces) {
    if (seen.has(piece)) {
      count++;
      chars += piece.length;
    }
    seen.add(piece);
  }
  return { share: count / pieces.length, chars };
}

/** Characters of the words in [from, to), without the blanks between them. */
function charsOf(from: number, to: number): number {
  let chars = 0;
  for (let w = from; w < to; w++) chars += words.ends[w]! - words.starts[w]!;
  return chars;
}

let hashes = new Int32Array(1024);

/** Hashes every run of n words into `hashes`; how many runs there are. */
function hashRuns(n: number): number {
  if (hashes.length < words.count) hashes = new Int32Array(words.count * 2);
  hashWindows(words.hashes, words.count, n, hashes);
  return Math.max(0, words.count - n + 1);
}

/** Characters in the most frequent run of n words, all its occurrences together; 0 where no run repeats. */
function topRun(n: number): number {
  const runs = hashRuns(n);
  const counts = new Map<number, number>();
  let [top, at] = [1, -1];
  for (let w = 0; w < runs; w++) {
    const count = (counts.get(hashes[w]!) ?? 0) + 1;
    counts.set(hashes[w]!, count);
    if (count > top) [top, at] = [count, w];
  }
  return at < 0 ? 0 : top * charsOf(at, at + n);
}

/** Characters in runs of n words that were there before, none counted twice. */
function repeatedRuns(n: number): number {
  const runs = hashRuns(n);
  const seen = new Set<number>();
  let chars = 0;
  for (let w = 0; w < runs; ) {
    if (seen.has(hashes[w]!)) {
      chars += charsOf(w, w + n);
      w += n;
    } else {
      seen.add(hashes[w]!);
      w++;
    }
  }
  return chars;
}
