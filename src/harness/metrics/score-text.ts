import { isInteger, isList, typeName, type Value } from "../../jinja/values/values.ts";
import { itemAt, itemsOf } from "../filters/options.ts";
import { castLike } from "../python/cast.ts";
import { MetricError } from "./metric-error.ts";
import type { EvaluatedRow, ScoringTask } from "./scoring.ts";

/** Scores a generated text, or what filters made of it, against the row's target. */
export function scoreText(
  row: EvaluatedRow,
  result: Value,
  { metrics, shape }: ScoringTask,
): Record<string, unknown> {
  const gold = goldOf(
    row,
    result,
    shape.hasMultipleTargets,
    metrics.some(({ name }) => name === "bypass"),
  );
  const items: Record<string, unknown> = {};
  for (const { name, exactMatch } of metrics) {
    if (!exactMatch) {
      // Other metrics pass both on. Of several targets each is true, being a pair, so that any is.
      const several = isList(gold) ? gold.length > 0 : true;
      if (name === "bypass") items[name] = shape.hasMultipleTargets ? 0 : null;
      else items[name] = shape.hasMultipleTargets ? Number(several) : [gold, result];
      continue;
    }
    if (!shape.hasMultipleTargets) {
      items[name] = exactMatch([result], [gold]);
      continue;
    }
    const golds = isList(gold) ? gold : [gold];
    const share = exactMatch(
      golds.map(() => result),
      golds,
    );
    items[name] = Number(share > 0);
  }
  return items;
}

function goldOf(row: EvaluatedRow, result: Value, isMultiple: boolean, hasBypass: boolean): Value {
  const { target, choices } = row;
  if (choices !== undefined) {
    if (!isInteger(target) || !isList(choices))
      throw new MetricError(`doc_to_target: expected the number of a choice, got a ${typeName(target)}`);
    return itemAt(choices, Number(target), "doc_to_target");
  }
  if (isMultiple) return itemsOf(target);
  if (typeName(target) === typeName(result) || hasBypass || isList(result)) return target;
  return castLike(result, target);
}
