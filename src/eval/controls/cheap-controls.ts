import type { Asking, Item, Score } from "../benchmark.ts";
import { compare } from "../results/figures.ts";
import type { SampleLine } from "../results/samples.ts";
import { type ControlResult, pairedControl } from "./control-results.ts";

type Unnamed<T> = T extends unknown ? Omit<T, "model" | "benchmark" | "metric" | "better"> : never;
/** A control before it is said whose it is. */
export type Control = Unnamed<ControlResult>;

/** What needs no model: the commonest right answer for all, and scores by the right choice's position. */
export async function cheapControls(
  items: readonly Item[],
  lines: readonly SampleLine[],
  asking: Asking,
): Promise<Control[]> {
  const known = items.filter(({ gold }) => gold);
  if (known.length < items.length || items.length < 2) return [];
  const majority = await majorityOf(items, lines, asking);
  const positions = positionsOf(items, lines);
  return [...(majority ? [majority] : []), ...(positions ? [positions] : [])];
}

async function majorityOf(
  items: readonly Item[],
  lines: readonly SampleLine[],
  asking: Asking,
): Promise<Control | undefined> {
  const answers = items.map(({ gold }) =>
    "choices" in gold! ? [`choice ${gold.right + 1}`] : [...new Set(gold!.answers)],
  );
  const counts = new Map<string, number>();
  for (const all of answers) for (const answer of all) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [answer, count] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
  const constant: Score[][] = [];
  for (const [i, item] of items.entries()) {
    const { metric } = asking.headline;
    if ("choices" in item.gold!)
      constant.push([{ slice: "", metric, sum: answers[i]!.includes(answer) ? 1 : 0, weight: 1 }]);
    else if ("judge" in item) constant.push((await item.judge(answer)).scores);
    else return undefined;
  }
  const found = headlineComparison(constant, lines.map(scoresOf), asking, items);
  return found && { control: "majority", answer, count, ...pairedControl(found) };
}

function positionsOf(items: readonly Item[], lines: readonly SampleLine[]): Control | undefined {
  const positions: { position: number; n: number; right: number; chosen: number }[] = [];
  const at = (place: number) => {
    positions[place] ??= { position: place + 1, n: 0, right: 0, chosen: 0 };
    return positions[place]!;
  };
  for (const [i, { gold }] of items.entries()) {
    const line = lines[i]!;
    if (!gold || !("choices" in gold)) return undefined;
    if ("error" in line) continue;
    // Of choices with the same text the first one is taken; none where the answer is no choice.
    const chosen = gold.choices.indexOf(line.prediction);
    for (let place = 0; place < gold.choices.length; place++) at(place);
    at(gold.right).n++;
    if (chosen === gold.right) at(gold.right).right++;
    if (chosen >= 0) at(chosen).chosen++;
  }
  return positions.length === 0 ? undefined : { control: "position", positions };
}

/** A control beside the model's own scores, in the figure that sums the benchmark up. */
export function headlineComparison(
  control: readonly (readonly Score[])[],
  own: readonly (readonly Score[])[],
  { metrics, headline }: Asking,
  items: readonly Pick<Item, "document">[],
) {
  const documents = items.map(({ document }) => document);
  return compare(control, own, metrics, documents, { isResampled: false }).find(
    ({ slice, metric }) => slice === "" && metric === headline.metric,
  );
}

export function scoresOf(line: SampleLine): readonly Score[] {
  return "error" in line ? [] : line.scores;
}
