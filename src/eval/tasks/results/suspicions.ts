import type { TaskConfig } from "../../../harness/task-config.ts";
import type { TaskFigure, TaskSample } from "./task-results.ts";

/** From so many rows on, what all of them have in common says something. */
const leastRows = 8;

/** What looks wrong about a task's results: nothing came, everything is the same, nothing was right. */
export function suspicions(
  { output_type }: TaskConfig,
  figures: Readonly<Record<string, TaskFigure>>,
  samples: readonly TaskSample[],
): string[] {
  const found: string[] = [];
  const [first] = samples;
  const rows = samples.filter(({ filter, error }) => filter === first?.filter && error === undefined);
  if (samples.length === 0) return ["no row was asked about"];
  if (rows.length < leastRows) return [];
  if (output_type === "generate_until") {
    const texts = rows.map(({ resps }) => JSON.stringify(resps));
    const empty = rows.filter(({ resps }) => resps.flat().every((text) => text === "")).length;
    if (empty === rows.length) found.push("every answer is empty");
    else if (new Set(texts).size === 1) found.push(`every answer is the same: ${texts[0]!.slice(0, 80)}`);
    else if (empty > rows.length / 2) found.push(`${empty} of ${rows.length} answers are empty`);
  }
  if (output_type === "multiple_choice") {
    const picked = rows.map(({ filtered_resps }) => likeliest(filtered_resps));
    const counts = new Set(rows.map(({ filtered_resps }) => filtered_resps.length));
    if (counts.size === 1 && !counts.has(1) && new Set(picked).size === 1)
      found.push(`the likeliest choice is number ${picked[0]! + 1} in every row`);
  }
  for (const { metric, filter, value, higher_is_better } of Object.values(figures)) {
    if (higher_is_better && value === 0) found.push(`${metric},${filter} is 0 in every row`);
  }
  return found;
}

/** The place of the largest log-likelihood. */
function likeliest(pairs: readonly unknown[]): number {
  const values = pairs.map((pair) => (Array.isArray(pair) ? Number(pair[0]) : Number.NaN));
  return values.indexOf(Math.max(...values));
}
