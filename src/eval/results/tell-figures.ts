import type { StageContext } from "../../contracts/events.ts";
import type { Asking, Score } from "../benchmark.ts";
import { cutsBySlice } from "./cuts.ts";
import { compare, type Documents, figuresOf } from "./figures.ts";
import type { Results } from "./results.ts";

/**
 * Adds a model's figures, and their differences from the first model's, to the results, and emits them.
 * `byModel`: scores of every item, none for a failed one; `documents`: what each item is about; `cut`: the
 * tokens cut of its prompt.
 */
export function tellFigures(
  ctx: StageContext,
  found: Results,
  { name, metrics, details, hidden }: { name: string } & Pick<Asking, "metrics" | "details" | "hidden">,
  label: string,
  byModel: ReadonlyMap<string, readonly (readonly Score[])[]>,
  { documents, cut }: { documents: Documents; cut: readonly number[] },
): void {
  const scores = byModel.get(label)!;
  const cuts = cutsBySlice(scores, cut);
  for (const figure of figuresOf(scores, metrics, documents)) {
    if (hidden?.test(figure.metric)) continue;
    const result = { model: label, benchmark: name, ...figure, cut: cuts.get(figure.slice)! };
    found.results.push(result);
    if (!details?.test(figure.slice)) ctx.emit({ type: "eval.result", ...result });
  }
  const baseline = found.models[0]!.label;
  if (label === baseline) return;
  const comparisons = compare(byModel.get(baseline)!, scores, metrics, documents).filter(
    ({ metric }) => !hidden?.test(metric),
  );
  found.comparisons.push(...comparisons.map((one) => ({ benchmark: name, baseline, model: label, ...one })));
  if (found.models.length !== 2) return;
  for (const { slice, metric, better, difference: value, low, high, n } of comparisons) {
    if (low === undefined || high === undefined || details?.test(slice)) continue;
    ctx.emit({ type: "eval.difference", benchmark: name, slice, metric, better, value, low, high, n });
  }
}
