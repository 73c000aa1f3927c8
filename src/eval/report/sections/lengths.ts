import { escapeHtml } from "../../../quote.ts";
import { effectiveText } from "../../lengths/length-lines.ts";
import { lengthProfiles } from "../../lengths/length-profile.ts";
import { contextSlice, placeOf } from "../../lengths/slices.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import type { Results } from "../../results/results.ts";
import { heatMap } from "../charts/heat-map.ts";
import { type Line, lineChart } from "../charts/line-chart.ts";
import { format } from "../charts/ticks.ts";
import { details, table } from "../table.ts";

/** How scores change with length and depth, for every benchmark that has such slices. */
export function lengths(results: Results): string {
  const charts = [...scoreCharts(results), contextChart(results)].filter(Boolean);
  return (
    (charts.length === 0 ? "" : `<div class="charts">${charts.join("")}</div>`) +
    effectiveTable(results) +
    [...new Set(results.results.map(({ benchmark }) => benchmark))]
      .map((benchmark) => depthMaps(results, benchmark))
      .join("")
  );
}

function scoreCharts(results: Results): string[] {
  const profiles = lengthProfiles(results);
  return [...Map.groupBy(profiles, ({ benchmark }) => benchmark)].map(([benchmark, own]) => {
    const all = [...new Set(own.flatMap((one) => one.lengths.map(({ length }) => length)))].sort(
      (a, b) => a - b,
    );
    if (all.length < 2) return "";
    const lines = results.models.map(({ label }): Line => {
      const mine = own.find(({ model }) => model === label)?.lengths ?? [];
      const points = mine.map(({ length, score }) => ({ x: all.indexOf(length), y: score }));
      return { name: label, points, look: "dots" };
    });
    return lineChart(lines, {
      ...{
        title: `${benchmark} by length`,
        x: "tokens of the prompt with the answer",
        y: "%, higher is better",
      },
      labels: all.map((length) => format(length)),
    });
  });
}

/** The same tokens, predicted with more and more before them. */
function contextChart({ models, results }: Results): string {
  const own = results.filter(({ metric, slice }) => metric === "perplexity" && contextSlice.test(slice));
  const contextOf = (slice: string): number => Number(contextSlice.exec(slice)![1]);
  const all = [...new Set(own.map(({ slice }) => contextOf(slice)))].sort((a, b) => a - b);
  const lines = models.map(({ label }): Line => {
    const mine = own.filter(({ model }) => model === label);
    const points = mine.map(({ slice, value }) => ({ x: all.indexOf(contextOf(slice)), y: value }));
    return { name: label, points, look: "dots" };
  });
  return lineChart(lines, {
    ...{ title: "Perplexity of the same tokens", x: "tokens before them", y: "lower is better" },
    labels: all.map((context) => format(context)),
  });
}

function effectiveTable(results: Results): string {
  const profiles = lengthProfiles(results);
  const [first] = profiles;
  if (!first) return "";
  const rows = profiles.map(
    ({ benchmark, model, effective, lengths: own, average, increasing, decreasing }) => [
      benchmark,
      model,
      effectiveText({ effective, lengths: own }),
      own
        .map(({ length, score, tasks }) => `${format(length)}: ${score.toFixed(1)}${tasksText(tasks, own)}`)
        .join(" · "),
      average.toFixed(1),
      increasing.toFixed(1),
      decreasing.toFixed(1),
    ],
  );
  const note =
    `<p>Effective length: the largest at which the mean of the tasks reaches ${first.threshold} %, as RULER has it ` +
    "(what Llama-2-7B-chat reaches at 4k). Averages over lengths, plain and weighted towards longer and shorter ones.</p>";
  const how = [...new Map(results.counts.map((one) => [one.benchmark, one.how]))]
    .filter(([benchmark, text]) => text !== undefined && profiles.some((one) => one.benchmark === benchmark))
    .map(([benchmark, text]) => `<p>${escapeHtml(`${benchmark}: ${text}.`)}</p>`);
  const head = [
    "benchmark",
    "model",
    "effective length",
    "% by length",
    "average",
    "to longer",
    "to shorter",
  ];
  return note + how.join("") + table(head, rows, 4);
}

/** Lengths with fewer tasks than others say so: their means are not of the same. */
function tasksText(tasks: number, all: readonly { tasks: number }[]): string {
  return all.every((one) => one.tasks === tasks) ? "" : ` (${tasks} tasks)`;
}

/** A map for each model, and in what can be opened one for each task. */
function depthMaps(all: Results, benchmark: string): string {
  const metric = knownBenchmark(all, benchmark)?.headline.metric;
  const cells = all.results.flatMap((one) => {
    const place = one.benchmark === benchmark && one.metric === metric ? placeOf(one.slice) : undefined;
    return place?.depth === undefined
      ? []
      : [{ model: one.model, value: one.value, ...place, depth: place.depth }];
  });
  const maps = (task: string | undefined, title: string): string => {
    const own = cells.filter((one) => one.task === task);
    if (own.length === 0) return "";
    const sorted = (values: number[]) => [...new Set(values)].toSorted((a, b) => a - b);
    const depths = sorted(own.map(({ depth }) => depth)).map((depth) => `depth ${depth} %`);
    const columns = sorted(own.map(({ length }) => length)).map((length) => `${format(length)} tokens`);
    const tables = all.models.map(({ label }) =>
      heatMap(
        `${title}, ${label}`,
        depths,
        columns,
        (row, column) =>
          own.find(
            (one) =>
              one.model === label &&
              `depth ${one.depth} %` === row &&
              `${format(one.length)} tokens` === column,
          )?.value,
      ),
    );
    return `<div class="heats wide">${tables.join("")}</div>`;
  };
  const tasks = [...new Set(cells.map(({ task }) => task))].filter((task) => task !== undefined);
  return (
    maps(undefined, `${benchmark}: found by length and depth`) +
    details(`${benchmark}: length and depth by task`, tasks.map((task) => maps(task, task)).join(""))
  );
}
