import { DataError } from "../../../errors.ts";
import { pythonText } from "../../python/cast.ts";
import { containsReference, rulerPrediction } from "../../text-metrics/long-context/ruler.ts";
import { type KnownFunction, ofItems, ofResults } from "../helper.ts";
import { columnOf, firstText, numberOf, textsOf } from "../row.ts";

const file = "ruler/common_utils";
/** The one length that is always in the result; a row says −1 for lengths that are not its own. */
const usualLength = "4096";

/** The share of references that the answer has, as a figure of the row's length. */
function scoreByLength(name: string, hash: string): KnownFunction {
  return ofResults({ standsFor: `${file}.${name}`, hashes: [hash] }, (row, results) => {
    firstText(results);
    const references = textsOf(row, "outputs");
    if (references.length === 0) throw new DataError("outputs: expected at least one, got none");
    const prediction = rulerPrediction(firstText(results));
    const found = references.filter((reference) => containsReference(prediction, reference)).length;
    return { [usualLength]: -1, [pythonText(columnOf(row, "max_length"))]: found / references.length };
  });
}

export const ruler: readonly KnownFunction[] = [
  scoreByLength("process_results", "d2eb9bf2df87ec615c623ea6c8293a07"),
  scoreByLength("process_results_part", "02c6c2cd68ccf02efca9e2b7f4503836"),
  ofItems(
    { standsFor: `${file}.aggregate_metrics`, hashes: ["cd2858e0f6b107edcf1da8f05294ffcd"] },
    (items) => {
      const scores = items.map((item) => numberOf(item as number)).filter((score) => score !== -1);
      return scores.length === 0 ? -1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
    },
  ),
];
