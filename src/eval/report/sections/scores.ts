import { formatCut } from "../../../format.ts";
import { escapeHtml } from "../../../quote.ts";
import { contextSlice, depthSlice } from "../../lengths/slices.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import type { OwnSet, Results } from "../../results/results.ts";
import { outcomeOf } from "../../verdict/headlines.ts";
import { intervalChart } from "../charts/interval-chart.ts";
import { type Line, lineChart } from "../charts/line-chart.ts";
import { format, formatSigned } from "../charts/ticks.ts";
import { details, type PageCell, table } from "../table.ts";
import { certainty } from "./certainty.ts";
import { lengths } from "./lengths.ts";
import { markOf } from "./verdict-section.ts";

/** Every figure: as charts, and all of them in a table that can be opened. */
export function scores(results: Results): string {
  const charts = [sharesChart(results), perplexityChart(results)].filter(Boolean);
  return (
    (charts.length === 0 ? "" : `<div class="charts">${charts.join("")}</div>`) +
    lengths(results) +
    details("All figures", resultsTable(results)) +
    printedScores(results) +
    details("How sure the differences are", certainty(results)) +
    details("What was asked, cut and left out", countsTable(results))
  );
}

const isHeadline = (from: Pick<Results, "own" | "tasks">, benchmark: string, metric: string): boolean =>
  knownBenchmark(from, benchmark)?.headline.metric === metric;

function sharesChart(from: Results): string {
  const { models, results } = from;
  const whole = results.filter(
    ({ slice, better, benchmark, metric }) =>
      slice === "" && better === "higher" && isHeadline(from, benchmark, metric),
  );
  const rows = [...Map.groupBy(whole, ({ benchmark, metric }) => `${benchmark}, ${metric}`)];
  return intervalChart(
    "Scores by task, with 95 % intervals",
    models.map(({ label }) => label),
    rows.map(([name, all]) => ({
      name,
      values: models.map(({ label }) => all.find(({ model }) => model === label)),
    })),
  );
}

function perplexityChart({ models, results }: Results): string {
  const buckets = results.filter(
    ({ metric, slice }) => metric === "perplexity" && slice !== "" && !contextSlice.test(slice),
  );
  const names = [...new Set(buckets.map(({ slice }) => slice))];
  const lines = models.map(({ label }): Line => {
    const points = buckets
      .filter(({ model }) => model === label)
      .map(({ slice, value }) => ({ x: names.indexOf(slice), y: value }));
    return { name: label, points, look: "dots" };
  });
  return lineChart(lines, {
    ...{ title: "Perplexity by context length", x: "tokens before the predicted one", y: "lower is better" },
    labels: names,
  });
}

interface Spread {
  low?: number;
  high?: number;
}

function withInterval(value: number, { low, high }: Spread, write = format): string {
  if (low === undefined || high === undefined) return write(value);
  return `${write(value)} <small>[${write(low, 3)}, ${write(high, 3)}]</small>`;
}

function resultsTable(from: Results): string {
  const { models, results, comparisons } = from;
  const keyOf = (one: { benchmark: string; slice: string; metric: string }): string =>
    JSON.stringify([one.benchmark, one.metric, one.slice]);
  // Depths are shown as maps: there are many slices with few items each.
  const byKey = Map.groupBy(
    results.filter(({ slice }) => !depthSlice.test(slice)),
    keyOf,
  );
  const changes = Map.groupBy(comparisons, keyOf);
  // Slices come below the whole they belong to, and the headline above the other metrics.
  const groups = [...Map.groupBy([...byKey], ([, [one]]) => JSON.stringify([one!.benchmark, one!.metric]))];
  const order = [...new Set(results.map(({ benchmark }) => benchmark))];
  const rank = (of: (typeof groups)[number]): number => {
    const { benchmark, metric } = of[1][0]![1][0]!;
    return order.indexOf(benchmark) + (isHeadline(from, benchmark, metric) ? 0 : 0.5);
  };
  const rows = groups
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap(([, all]) => all)
    .map(([key, all]) => {
      const { benchmark, slice, metric, n } = all[0]!;
      const cells = models.map(({ label }): PageCell => {
        const one = all.find(({ model }) => model === label);
        return one ? { html: withInterval(one.value, one) } : "–";
      });
      const differences = models.slice(1).flatMap(({ label }): PageCell[] => {
        const one = changes.get(key)?.find(({ model }) => model === label);
        if (!one) return ["–", ""];
        const outcome = outcomeOf(one);
        const html = withInterval(one.difference, one, formatSigned);
        return [{ html, kind: outcome }, { html: markOf(outcome) }];
      });
      const name: PageCell[] =
        slice === "" ? [benchmark, metric] : [{ html: escapeHtml(slice), kind: "slice" }, metric];
      const cut = all.map((one) => formatCut(one.cut)).find((text) => text !== "");
      const count: PageCell = cut === undefined ? n : { html: `${format(n)} <small>${cut}</small>` };
      return [...name, count, ...cells, ...differences];
    });
  const others = models
    .slice(1)
    .flatMap(({ label }) => [models.length === 2 ? "difference" : `${label} − ${models[0]!.label}`, ""]);
  const head = ["benchmark", "metric", "n", ...models.map(({ label }) => label), ...others];
  const note =
    "<p>95 % intervals: Wilson's for shares, else Student's t, over documents where questions share one. " +
    "Differences are paired; one is a difference where its interval leaves out 0.</p>";
  return note + table(head, rows, 2);
}

function countsTable({ counts, own = {} }: Results): string {
  const rows = counts.map(({ benchmark, model, items, shortened, tokens_cut, failed, skipped }) => {
    const reasons = Object.entries(skipped).map(([reason, n]) => `${n} ${reason}`);
    return [benchmark, model, reasons.join("; ") || "–", items, shortened, tokens_cut ?? "–", failed];
  });
  const asked = [...new Map(counts.map(({ benchmark, how }) => [benchmark, how]))]
    .filter(([, how]) => how !== undefined)
    .map(([benchmark, how]) => `<p>${escapeHtml(`${benchmark}: ${how}.`)}</p>`);
  const note =
    "<p>Cut: rows whose prompt was too long, and the tokens cut of them. Failed: in no figure. " +
    "Not used: held-out examples that a benchmark cannot ask about.</p>";
  const sets = Object.entries(own).map(([name, set]) => `<p>${escapeHtml(ownLine(name, set))}</p>`);
  return (
    note +
    sets.join("") +
    asked.join("") +
    table(["benchmark", "model", "not used", "items", "cut", "tokens cut", "failed"], rows, 3)
  );
}

/** What others' own scripts print of the answers, as they print it. */
function printedScores({ models, sources = {}, printed = {} }: Results): string {
  const groups = Object.entries(printed).map(([benchmark, byModel]) => {
    const flat = models.map(({ label }) => new Map(flattened("", byModel[label])));
    const names = [...new Set(flat.flatMap((scores) => [...scores.keys()]))];
    const rows = names.map((name) => [name, ...flat.map((scores) => scores.get(name) ?? "–")]);
    const { follows = "", data = "", revision = "" } = sources[benchmark] ?? {};
    const from = [follows, data, revision].filter(Boolean).join(", ");
    return `<h3>${escapeHtml(benchmark)}</h3><p>${escapeHtml(from)}</p>${table(["", ...models.map(({ label }) => label)], rows, 1)}`;
  });
  return groups.length === 0
    ? ""
    : details("As the benchmarks' own scripts print it, in percent", groups.join(""));
}

/** `qasper` → 12.5, `qasper 0-4k` → 12.5. A score of no rows is null in results.json. */
function flattened(name: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null)
    return [[name, Number.isFinite(value) ? String(value) : "–"]];
  return Object.entries(value).flatMap(([key, one]) => flattened(`${name} ${key}`.trim(), one));
}

/** What a test set of one's own is, how it is scored, and what of it was trained on. */
function ownLine(name: string, { path, rows, unusable, metrics, chosen, overlap }: OwnSet): string {
  const left = Object.values(unusable).reduce((sum, n) => sum + n, 0);
  const shared =
    overlap === undefined
      ? "whether they are trained on is not known"
      : `${overlap.questions} of the questions are in the training rows, too`;
  return (
    `${name}: ${rows - left} of ${rows} rows of ${path} have a question and a right answer; scored by ` +
    `${metrics.join(", ")}${chosen === undefined ? "" : ` (taken as ${chosen})`}; ${shared}.`
  );
}
