import { squadV2Scores } from "../../text-metrics/squad/squad-set.ts";
import { type KnownFunction, ofItems, ofResults } from "../helper.ts";
import { dictOf, firstText, textOf, textsOf } from "../row.ts";

interface Answered {
  id: string;
  answers: readonly string[];
  prediction: string;
}

const figures = ["exact", "f1", "HasAns_exact", "HasAns_f1", "NoAns_exact", "NoAns_f1"] as const;

/**
 * The scores of upstream's class SQuAD2, for the task that ships; its best_exact and best_f1 take a second
 * request a row (how probable "unanswerable" is) and are left out. The others do not depend on it.
 */
export const squadV2: readonly KnownFunction[] = [
  ofResults({ standsFor: "squadv2/task.process_results", hashes: [] }, (row, results) => {
    const answered: Answered = {
      id: textOf(row, "id"),
      answers: textsOf(dictOf(row, "answers"), "text"),
      prediction: firstText(results),
    };
    return Object.fromEntries(figures.map((figure) => [figure, answered]));
  }),
  ...figures.map((figure) =>
    ofItems({ standsFor: `squadv2/task.${figure}`, hashes: [] }, (items) => {
      const answered = items as readonly Answered[];
      const predictions = new Map(answered.map(({ id, prediction }) => [id, prediction]));
      return squadV2Scores(answered, predictions)[figure] ?? 0;
    }),
  ),
];
