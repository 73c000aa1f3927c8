import { outcomeMarks } from "../../contracts/verdict.ts";
import { formatP } from "../../format.ts";
import { escapeHtml } from "../../quote.ts";
import { differenceBar, intervalChart } from "../report/charts/interval-chart.ts";
import { format, formatSigned } from "../report/charts/ticks.ts";
import { htmlPage } from "../report/page.ts";
import { markOf } from "../report/sections/verdict-section.ts";
import { type PageCell, section, table } from "../report/table.ts";
import type { ComparedBenchmark, Pair } from "./compare-runs.ts";
import type { Entry } from "./entry.ts";
import { notesOf } from "./notes.ts";
import { recipeDifferences } from "./read-runs.ts";

/** Several runs on one page that loads nothing: figures, differences, what their recipes do not share. */
export function comparePage(entries: readonly Entry[], compared: readonly ComparedBenchmark[]): string {
  const names = entries.map(({ name }) => name);
  const body = [
    `<h1>${escapeHtml(names.join(" · "))}</h1>`,
    `<p class="soft">${entries.length} models, each compared ${compared.some(({ pairs }) => pairs.some(({ from }) => from > 0)) ? "with each other" : `with ${escapeHtml(names[0]!)}`}</p>`,
    section("Figures", figures(names, compared) + charts(names, compared)),
    section("Differences", differences(names, compared)),
    section("What the recipes do not share", recipes(entries)),
    section(
      "The runs",
      table(
        ["run", "folder", "cost"],
        entries.map(({ name, path, cost }) => [name, path, cost || "–"]),
        3,
      ),
    ),
  ];
  return htmlPage(`${names.join(" · ")} – zebratune`, body.join(""));
}

function figures(names: readonly string[], compared: readonly ComparedBenchmark[]): string {
  const rows = compared.map(({ benchmark, name, better, values, pairs }): PageCell[] => [
    benchmark,
    `${name}, ${better} is better`,
    ...values.map((one, i): PageCell => {
      if (!one) return "–";
      const pair = pairs.find(({ from, to }) => from === 0 && to === i);
      const mark = pair?.outcome ? `<br>${markOf(pair.outcome)}` : "";
      const spread =
        one.low === undefined || one.high === undefined
          ? ""
          : ` <small>[${format(one.low, 3)}, ${format(one.high, 3)}]</small>`;
      return { html: `${format(one.value)}${spread}${mark}` };
    }),
  ]);
  return table(["benchmark", "figure", ...names], rows, 2);
}

function charts(names: readonly string[], compared: readonly ComparedBenchmark[]): string {
  const shares = compared.filter(({ better }) => better === "higher");
  const chart = intervalChart(
    "Scores, with 95 % intervals",
    names,
    shares.map(({ benchmark, name, values }) => ({ name: `${benchmark}, ${name}`, values })),
  );
  return chart === "" ? "" : `<div class="charts">${chart}</div>`;
}

function differences(names: readonly string[], compared: readonly ComparedBenchmark[]): string {
  const rows = compared.flatMap(({ benchmark, name, pairs }) =>
    pairs.map((pair): PageCell[] => [
      `${benchmark}, ${name}`,
      `${names[pair.to]} − ${names[pair.from]}`,
      pair.n,
      ...(pair.outcome === undefined || !pair.difference
        ? [unlikeText(pair), ""]
        : [
            {
              html:
                formatSigned(pair.difference.value) +
                (pair.difference.low === undefined || pair.difference.high === undefined
                  ? ""
                  : ` <small>[${formatSigned(pair.difference.low)}, ${formatSigned(pair.difference.high)}]</small>`) +
                `<div class="${pair.outcome}">${differenceBar(pair.difference)}</div>`,
            },
            { html: markOf(pair.outcome) },
          ]),
      {
        html:
          (pair.p === undefined ? "–" : escapeHtml(formatP(pair.p))) +
          (pair.mcnemar_p === undefined
            ? ""
            : ` <small>McNemar ${escapeHtml(formatP(pair.mcnemar_p))}</small>`),
      },
      pair.p_holm === undefined ? "–" : formatP(pair.p_holm),
      pair.wins === undefined ? "–" : `${pair.wins} / ${pair.losses} / ${pair.ties}`,
    ]),
  );
  const note =
    "<p>Over the same items, with paired 95 % intervals. Where two runs were not asked the same, there is no " +
    `verdict.</p>${notesOf(names, compared)
      .map((one) => `<p>${escapeHtml(one)}</p>`)
      .join("")}`;
  const head = [
    ...["benchmark", "models", "items", "difference", "", "p", "p by Holm"],
    "better / worse / same",
  ];
  return rows.length === 0 ? "" : note + table(head, rows, 2);
}

/** Why two models cannot be compared. */
export function unlikeText({ n, unlike }: Pair): string {
  return unlike > 0 ? `not asked the same (${n} items shared, ${unlike} not)` : "nothing to compare";
}

function recipes(entries: readonly Entry[]): string {
  const rows = recipeDifferences(entries).map(({ key, values }) => [key, ...values]);
  return rows.length === 0
    ? ""
    : table(["key", ...entries.map(({ name }) => name)], rows, entries.length + 1);
}

/** `▲ better`. */
export function markText(outcome: NonNullable<Pair["outcome"]>): string {
  const { sign, word } = outcomeMarks[outcome];
  return `${sign} ${word}`.trim();
}
