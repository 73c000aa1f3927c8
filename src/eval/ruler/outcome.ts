import {
  rulerPrediction,
  stringMatchAll,
  stringMatchPart,
} from "../../harness/text-metrics/long-context/ruler.ts";
import type { Outcome } from "../benchmark.ts";
import type { RulerRow } from "./read-rows.ts";
import { rulerTasks } from "./tasks.ts";

/**
 * What RULER makes of a model's answers: the score of each length and task as its evaluate.py prints it, and
 * the files that its call_api.py writes, `predictions/<model>/ruler/<length>/<task>.jsonl`, rows in the order
 * of their index. Rows without an answer are in neither.
 */
export function rulerOutcome(
  label: string,
  rows: readonly RulerRow[],
  predictions: ReadonlyMap<string, string>,
): Outcome {
  const printed: Record<string, Record<string, number>> = {};
  const files: Record<string, string> = {};
  const answered = rows.filter(({ id }) => predictions.has(id));
  for (const own of Map.groupBy(answered, ({ length, task }) => `${length}/${task}`).values()) {
    const { length, task } = own[0]!;
    const scored = own.map(({ id, references }) => ({
      prediction: rulerPrediction(predictions.get(id)!),
      references,
    }));
    const isAll = rulerTasks[task]!.match === "all";
    printed[length] = {
      ...printed[length],
      [task]: isAll ? stringMatchAll(scored) : stringMatchPart(scored),
    };
    const lines = own
      .toSorted((a, b) => a.index - b.index)
      .map(({ id, index, input, prefix, references: outputs }) => {
        const line = { index, pred: predictions.get(id)!, input: input + prefix, outputs, others: {} };
        return `${JSON.stringify({ ...line, truncation: -1, length })}\n`;
      });
    files[`predictions/${label}/ruler/${length}/${task}.jsonl`] = lines.join("");
  }
  return { printed, files };
}
