import { answerLetter } from "../../harness/text-metrics/longbench/answer-letter.ts";
import { roundHalfEven } from "../../harness/text-metrics/python-text.ts";
import type { Outcome } from "../benchmark.ts";
import type { V2Row } from "./v2-rows.ts";

/** A line of a prediction file of LongBench v2, as far as its result.py reads it. */
export interface V2Line {
  difficulty: string;
  length: string;
  pred: string | null;
  judge: boolean;
}

/** What an answer without a letter counts for where LongBench v2 compensates: one choice of four. */
export const compensation = 0.25;

/** What result.py prints, in percent with one place; a group without rows is left out. */
export function v2Scores(lines: readonly V2Line[], isCompensated: boolean): Record<string, number> {
  const groups: Record<string, (line: V2Line) => boolean> = {
    overall: () => true,
    easy: ({ difficulty }) => difficulty === "easy",
    hard: ({ difficulty }) => difficulty !== "easy",
    short: ({ length }) => length === "short",
    medium: ({ length }) => length === "medium",
    long: ({ length }) => length !== "short" && length !== "medium",
  };
  const scores: Record<string, number> = {};
  for (const [name, isIn] of Object.entries(groups)) {
    const some = lines.filter(isIn);
    const total = some.reduce(
      (sum, { pred, judge }) => sum + (isCompensated && pred === null ? compensation : Number(judge)),
      0,
    );
    if (some.length > 0) scores[name] = roundHalfEven((100 * total) / some.length, 1);
  }
  return scores;
}

/** The file that LongBench v2's pred.py would have written, and what its result.py prints of it. */
export function v2Outcome(
  label: string,
  rows: readonly V2Row[],
  predictions: ReadonlyMap<string, string>,
  suffix: string,
): Outcome {
  const lines = rows.flatMap((row) => {
    const response = predictions.get(row._id);
    if (response === undefined) return [];
    const pred = answerLetter(response);
    return [{ ...row, response, pred, judge: pred === row.answer }];
  });
  return {
    printed: { ...v2Scores(lines, false), compensated: v2Scores(lines, true) },
    files: {
      [`longbench/results/${label}${suffix}.jsonl`]: lines
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
    },
  };
}
