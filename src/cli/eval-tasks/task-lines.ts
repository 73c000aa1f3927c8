import type { Outcome } from "../../contracts/verdict.ts";
import type { TaskComparison } from "../../eval/tasks/results/compare-tasks.ts";
import type { TaskFigure, TaskResults } from "../../eval/tasks/results/task-results.ts";
import { outcomeOf } from "../../eval/verdict/headlines.ts";
import { formatP, formatValue } from "../../format.ts";
import { formatTable } from "../output/format.ts";

interface Evaluated {
  label: string;
  results: TaskResults;
}

/** Results as tables: one line a task, filter and metric, with a column for each model; then differences. */
export function taskLines(models: readonly Evaluated[], comparisons: readonly TaskComparison[]): string[] {
  const rows = new Map<string, { cells: string[]; figures: (TaskFigure | undefined)[] }>();
  for (const [i, { results }] of models.entries()) {
    for (const { alias, version, num_fewshot, n_samples, figures } of Object.values(results.tasks))
      add(rows, i, models.length, figures, [alias, String(version), String(num_fewshot), rowsOf(n_samples)]);
    for (const { alias, version, sample_len, figures } of Object.values(results.groups))
      add(rows, i, models.length, figures, [`${alias} (group)`, String(version), "", String(sample_len)]);
  }
  const header = [
    "task",
    "version",
    "shots",
    "rows",
    "filter",
    "metric",
    ...models.map(({ label }) => label),
  ];
  const cells = [...rows.values()].map(({ cells, figures }) => [...cells, ...figures.map(shown)]);
  const lines = formatTable(header, cells, 2);
  if (comparisons.length > 0) lines.push("", ...differences(comparisons));
  return lines;
}

function add(
  rows: Map<string, { cells: string[]; figures: (TaskFigure | undefined)[] }>,
  model: number,
  models: number,
  figures: Readonly<Record<string, TaskFigure>>,
  about: readonly string[],
): void {
  for (const figure of Object.values(figures)) {
    const { metric, filter, higher_is_better } = figure;
    const cells = [...about, filter, `${metric} ${higher_is_better ? "↑" : "↓"}`];
    const key = JSON.stringify([about[0], filter, metric]);
    const row = rows.get(key) ?? { cells, figures: Array<TaskFigure | undefined>(models).fill(undefined) };
    rows.set(key, row);
    row.figures[model] = figure;
  }
}

function rowsOf({ original, effective }: { original: number; effective: number }): string {
  return effective === original ? String(original) : `${effective} of ${original}`;
}

function shown(figure: TaskFigure | undefined): string {
  if (!figure) return "–";
  const { value, stderr } = figure;
  return stderr === "N/A" ? formatValue(value) : `${formatValue(value)} ± ${formatValue(stderr)}`;
}

function differences(comparisons: readonly TaskComparison[]): string[] {
  const isMany = comparisons.filter(({ p_holm }) => p_holm !== undefined).length > 1;
  const cells = comparisons.map((one) => {
    const { task, metric, baseline, model, difference, low, high, n } = one;
    return [
      `${task} ${metric}`,
      `${model} − ${baseline}`,
      `${difference > 0 ? "+" : ""}${formatValue(difference)}` +
        (low === undefined || high === undefined ? "" : ` [${formatValue(low)}, ${formatValue(high)}]`),
      String(n),
      one.p === undefined ? "" : formatP(one.p),
      ...(isMany ? [one.p_holm === undefined ? "" : formatP(one.p_holm)] : []),
      verdicts[outcomeOf(one)],
    ];
  });
  return formatTable(
    [...["difference", "of", "95 % interval, paired", "rows", "p"], ...(isMany ? ["Holm"] : []), ""],
    cells,
    2,
  );
}

const verdicts: Readonly<Record<Outcome, string>> = {
  better: "▲ better",
  worse: "▼ worse",
  same: "= no difference",
  unclear: "? too few rows",
  measured: "",
};
