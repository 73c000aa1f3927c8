import { rougeWords } from "../../harness/text-metrics/rouge/rouge-score.ts";

/** More words make a text, of which no answer is the same word for word. */
const mostShortWords = 12;

/** How answers are scored, and how long they may be, where the recipe does not say it. */
export interface Scoring {
  metrics: ("exact_match" | "f1" | "rouge1" | "rougeL")[];
  maxNewTokens: number;
  /** What the right answers look like. */
  because: string;
}

/** By what most of the right answers look like. `references`: those of each row. */
export function defaultScoring(references: readonly (readonly string[])[]): Scoring {
  const lengths = references.map((own) =>
    Math.min(...own.map((text) => text.split(/\s+/).filter(Boolean).length)),
  );
  const short = lengths.filter((words) => words <= mostShortWords).length;
  if (2 * short >= lengths.length) {
    return {
      metrics: ["f1", "exact_match"],
      maxNewTokens: 32,
      because: `most right answers have at most ${mostShortWords} words`,
    };
  }
  // ROUGE counts words of ASCII letters and digits only.
  const unread = references.filter((own) => own.every((text) => rougeWords(text, false).length === 0)).length;
  if (2 * unread >= references.length) {
    return {
      metrics: ["f1"],
      maxNewTokens: 256,
      because: "most right answers have no words that ROUGE reads",
    };
  }
  return {
    metrics: ["rougeL", "rouge1"],
    maxNewTokens: 256,
    because: `most right answers have more than ${mostShortWords} words`,
  };
}
