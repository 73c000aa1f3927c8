import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { roundHalfEven } from "../python-text.ts";

/** RULER's postprocess_pred: control characters become line breaks, and white space at the ends goes. */
export function rulerPrediction(text: string): string {
  return stripBlanks(stripBlanks(text, "both").replace(/[\x00-\x1f]/g, "\n"), "both");
}

/** Whether a reference stands in an answer, in whatever case. */
export function containsReference(prediction: string, reference: string): boolean {
  return prediction.toLowerCase().includes(reference.toLowerCase());
}

export interface RulerRow {
  prediction: string;
  references: readonly string[];
}

/** RULER's string_match_all: the share of references found, in percent with two places. */
export function stringMatchAll(rows: readonly RulerRow[]): number {
  return percentOf(rows, ({ prediction, references }) => {
    const found = references.filter((reference) => containsReference(prediction, reference)).length;
    return found / references.length;
  });
}

/** RULER's string_match_part (its question answering): whether any reference is found, in percent. */
export function stringMatchPart(rows: readonly RulerRow[]): number {
  return percentOf(rows, ({ prediction, references }) =>
    Number(references.some((reference) => containsReference(prediction, reference))),
  );
}

function percentOf(rows: readonly RulerRow[], score: (row: RulerRow) => number): number {
  const total = rows.reduce((sum, row) => sum + score(row), 0);
  return roundHalfEven((total / rows.length) * 100, 2);
}

/** What Llama-2-7B-chat reaches at 4K: RULER calls a length effective from there on. */
export const rulerThreshold = 85.6;

export interface LengthScore {
  length: number;
  score: number;
}

/** The largest length whose score reaches the threshold; undefined where none does. */
export function effectiveLength(
  scores: readonly LengthScore[],
  threshold = rulerThreshold,
): number | undefined {
  const reached = scores.filter(({ score }) => score >= threshold).map(({ length }) => length);
  return reached.length === 0 ? undefined : Math.max(...reached);
}

/**
 * RULER's averages over lengths: plain, and weighted 1, 2, 3 … towards longer (`increasing`) or shorter
 * lengths (`decreasing`).
 */
export function averagesOverLengths(scores: readonly LengthScore[]): {
  average: number;
  increasing: number;
  decreasing: number;
} {
  const sorted = scores.toSorted((a, b) => a.length - b.length);
  const weighted = (weight: (place: number) => number): number => {
    const weights = sorted.map((_, i) => weight(i));
    const total = sorted.reduce((sum, { score }, i) => sum + score * weights[i]!, 0);
    return total / weights.reduce((a, b) => a + b, 0);
  };
  return {
    average: weighted(() => 1),
    increasing: weighted((i) => i + 1),
    decreasing: weighted((i) => sorted.length - i),
  };
}
