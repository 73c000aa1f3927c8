import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { escapeRegExp } from "../../../quote.ts";
import { rougeScore } from "../rouge/rouge-score.ts";
import { normalizeAnswer } from "../squad/normalize-answer.ts";
import { squadExact, squadF1 } from "../squad/word-f1.ts";

/** HELMET's substring_exact_match: the normalised target is part of the normalised prediction. */
export function substringExactMatch(prediction: string, target: string): number {
  return Number(normalizeAnswer(prediction).includes(normalizeAnswer(target)));
}

const alone = new Set(["yes", "no", "noanswer"]);

/** HELMET's f1: SQuAD's, but 0 where one side is yes, no or noanswer and the other is not the same. */
export function helmetF1(prediction: string, target: string): number {
  const [got, expected] = [normalizeAnswer(prediction), normalizeAnswer(target)];
  if (got !== expected && (alone.has(got) || alone.has(expected))) return 0;
  return squadF1(prediction, target);
}

/** HELMET's calculate_metrics: each the best over the answers; ROUGE with stemmer. */
export function helmetScores(prediction: string, answers: readonly string[]): Record<string, number> {
  const best = (score: (answer: string) => number): number => Math.max(...answers.map(score));
  const rouge = (type: "rougeL" | "rougeLsum", figure: "fmeasure" | "recall"): number =>
    best((answer) => rougeScore(type, prediction, answer, { isStemmed: true })[figure]);
  return {
    exact_match: best((answer) => squadExact(prediction, answer)),
    f1: best((answer) => helmetF1(prediction, answer)),
    substring_exact_match: best((answer) => substringExactMatch(prediction, answer)),
    rougeL_f1: rouge("rougeL", "fmeasure"),
    rougeL_recall: rouge("rougeL", "recall"),
    rougeLsum_f1: rouge("rougeLsum", "fmeasure"),
    rougeLsum_recall: rouge("rougeLsum", "recall"),
  };
}

/** HELMET's parse_output: what follows the prefix on its line, else the first line. */
export function helmetAnswer(output: string, prefix = "Answer:"): string {
  const escaped = escapeRegExp(prefix);
  const line = new RegExp(`${escaped}([^\\n]*)`, "iu").exec(output)?.[1] ?? /^[^\n]*/.exec(output)![0];
  // Chat models sometimes say the prefix again.
  const rest = stripBlanks(line, "both").replace(new RegExp(`^${escaped}`, "iu"), "");
  return stripBlanks(rest, "both");
}
