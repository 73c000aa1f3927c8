import type { Better, RunEvent } from "../../contracts/events.ts";
import type { DataManifest } from "../../datasets/folder/data-folder.ts";
import type { MixManifest } from "../../mixing/manifest.ts";
import { escapeHtml } from "../../quote.ts";
import { depthSlice } from "../benchmarks/passkey.ts";
import type { Results } from "../results/results.ts";
import type { SampleLine } from "../results/samples.ts";
import { barChart, format, heatMap, type Line, lineChart } from "./charts.ts";

export interface ReportInput {
  name: string;
  results: Results;
  /** For each benchmark and item, the line of each model in the order of `results.models`. */
  samples: Record<string, (SampleLine | undefined)[][]>;
  /** `train.step` and `train.validation` events. */
  training: readonly RunEvent[];
  data: DataManifest | undefined;
  mix: MixManifest | undefined;
}

/** The report as one HTML file that loads nothing else. Everything from outside is escaped. */
export function renderReport(input: ReportInput): string {
  const { name, results } = input;
  const models = results.models.map(
    ({ label, sha256 }) => `<b>${escapeHtml(label)}</b> <code>${escapeHtml(sha256.slice(0, 12))}</code>`,
  );
  const sections = [
    `<h1>${escapeHtml(name)}</h1><p>${models.join(" · ")} · ` +
      `up to ${results.settings.max_seq_tokens} tokens, the same held-out documents for all</p>`,
    section("Results", resultsTable(results)),
    section("Shares", shareBars(results)),
    section("Perplexity by context length", perplexityLines(results)),
    section("Pass key by length and depth", passkeyMaps(results)),
    section("Training", lossLines(input.training)),
    section("Samples", samples(input)),
    section("Data", dataTable(input.data)),
    section("Mix", mixTable(input.mix)),
    section("Counts", countsTable(results)),
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width">' +
    `<title>${escapeHtml(name)} – zebratune</title><style>${style}</style></head>` +
    `<body><main>${sections.join("")}</main></body></html>\n`
  );
}

const seriesStyle = (i: number): string =>
  `polyline.c${i}{stroke:var(--c${i})}circle.c${i},rect.c${i},tspan.c${i}{fill:var(--c${i})}`;

const style =
  ":root{color-scheme:light dark;--c0:light-dark(#8a93a3,#9ca3af);--c1:light-dark(#0f766e,#2dd4bf);" +
  "--c2:light-dark(#b45309,#fbbf24);--c3:light-dark(#6d28d9,#a78bfa);--c4:light-dark(#be185d,#f472b6);" +
  "--line:light-dark(#e5e7eb,#374151);--ink:light-dark(#111827,#e5e7eb);--paper:light-dark(#fff," +
  "#111418)}\n" +
  "body{font:15px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper)}" +
  "main{max-width:960px;margin:auto;padding:1.5rem}h1{margin-bottom:0}h2{margin-top:2.2rem}" +
  "section{overflow-x:auto}\n" +
  "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}" +
  "th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}" +
  "th.text,td.text{text-align:left}td.slice{padding-left:1.6rem;white-space:nowrap}" +
  "small{opacity:.7;white-space:nowrap}\n" +
  ".heat{width:auto;display:inline-table;margin:0 2rem 1rem 0}caption{text-align:left;font-weight:600}" +
  ".better{color:var(--c1);font-weight:600}.worse{color:var(--c4);font-weight:600}\n" +
  "svg{width:100%;display:block}svg text{font-size:11px;fill:currentColor}.grid{stroke:var(--line)}" +
  ".whisker{stroke:currentColor;stroke-width:1.5}polyline{fill:none;stroke-width:2}\n" +
  `${[0, 1, 2, 3, 4].map(seriesStyle).join("")}\n` +
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:13px}details{margin:.5rem 0}" +
  "summary{cursor:pointer;font-weight:600}";

function section(title: string, body: string): string {
  return body === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`;
}

type PageCell = string | number | { html: string; kind?: string };

/**
 * A table. The first `textColumns` columns are text, the others numbers. Strings are escaped, `html` is not.
 */
function table(head: readonly string[], rows: readonly (readonly PageCell[])[], textColumns = 1): string {
  const kindOf = (i: number, kind = ""): string => {
    const all = [i < textColumns ? "text" : "", kind].filter(Boolean).join(" ");
    return all && ` class="${all}"`;
  };
  const top = head.map((title, i) => `<th${kindOf(i)}>${escapeHtml(title)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, i) => {
      if (typeof cell === "object") return `<td${kindOf(i, cell.kind)}>${cell.html}</td>`;
      return `<td${kindOf(i)}>${typeof cell === "number" ? format(cell) : escapeHtml(cell)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><tr>${top}</tr>${body.join("")}</table>`;
}

interface Spread {
  low?: number;
  high?: number;
}

function withInterval(value: number, { low, high }: Spread): string {
  if (low === undefined || high === undefined) return format(value);
  return `${format(value)} <small>[${format(low, 3)}, ${format(high, 3)}]</small>`;
}

/** "better" or "worse" where the interval of a difference does not contain 0. */
function verdictOf({ better, low, high }: Spread & { better: Better }): string {
  if (low === undefined || high === undefined || (low <= 0 && high >= 0)) return "";
  return high < 0 === (better === "lower") ? "better" : "worse";
}

function resultsTable({ models, results, comparisons }: Results): string {
  const keyOf = (one: { benchmark: string; slice: string; metric: string }): string =>
    JSON.stringify([one.benchmark, one.metric, one.slice]);
  // Depths are shown as maps: there are many slices with few items each.
  const byKey = Map.groupBy(
    results.filter(({ slice }) => !depthSlice.test(slice)),
    keyOf,
  );
  const changes = Map.groupBy(comparisons, keyOf);
  // Slices come below the whole they belong to.
  const groups = Map.groupBy([...byKey], ([, [one]]) => JSON.stringify([one!.benchmark, one!.metric]));
  const rows = [...groups.values()].flat().map(([key, all]) => {
    const { benchmark, slice, metric, n } = all[0]!;
    const cells = models.map(({ label }): PageCell => {
      const one = all.find(({ model }) => model === label);
      return one ? { html: withInterval(one.value, one) } : "–";
    });
    const differences = models.slice(1).map(({ label }): PageCell => {
      const one = changes.get(key)?.find(({ model }) => model === label);
      return one ? { html: withInterval(one.difference, one), kind: verdictOf(one) } : "–";
    });
    const name: PageCell[] =
      slice === "" ? [benchmark, metric] : [{ html: escapeHtml(slice), kind: "slice" }, metric];
    return [...name, n, ...cells, ...differences];
  });
  const others = models
    .slice(1)
    .map(({ label }) => (models.length === 2 ? "difference" : `${label} − ${models[0]!.label}`));
  const head = ["benchmark", "metric", "n", ...models.map(({ label }) => label), ...others];
  const note =
    "<p>95 % bootstrap intervals over items; differences are paired. " +
    "A difference is coloured where its interval leaves out 0.</p>";
  return note + table(head, rows, 2);
}

function shareBars({ models, results }: Results): string {
  const whole = results.filter(({ slice, better }) => slice === "" && better === "higher");
  const groups = Map.groupBy(whole, ({ benchmark, metric }) => `${benchmark} ${metric}`);
  return barChart(
    models.map(({ label }) => label),
    [...groups].map(([name, all]) => ({
      name,
      bars: models.map(({ label }) => all.find(({ model }) => model === label)),
    })),
  );
}

function perplexityLines({ models, results }: Results): string {
  const buckets = results.filter(({ metric, slice }) => metric === "perplexity" && slice !== "");
  const names = [...new Set(buckets.map(({ slice }) => slice))];
  const lines = models.map(({ label }): Line => {
    const points = buckets
      .filter(({ model }) => model === label)
      .map(({ slice, value }) => ({ x: names.indexOf(slice), y: value }));
    return { name: label, points };
  });
  return lineChart(lines, { x: "tokens before", y: "perplexity", labels: { ...names } });
}

function passkeyMaps({ models, results }: Results): string {
  const cells = results.flatMap(({ benchmark, slice, model, value }) => {
    const [, length, depth] = depthSlice.exec(slice) ?? [];
    return benchmark === "passkey" && length && depth ? [{ model, length, depth, value }] : [];
  });
  if (cells.length === 0) return "";
  const lengths = [...new Set(cells.map(({ length }) => length))];
  const depths = [...new Set(cells.map(({ depth }) => depth))];
  const maps = models.map(({ label }) =>
    heatMap(
      `${label}: exact match, depth in % × tokens`,
      depths,
      lengths,
      (depth, length) =>
        cells.find((cell) => cell.model === label && cell.depth === depth && cell.length === length)?.value,
    ),
  );
  return maps.join("");
}

function lossLines(training: readonly RunEvent[]): string {
  const points = (type: "train.step" | "train.validation") =>
    training.flatMap((event) => (event.type === type ? [{ x: event.step, y: event.lossNatsPerToken }] : []));
  const lines = [
    { name: "train", points: points("train.step") },
    { name: "validation", points: points("train.validation") },
  ];
  return lineChart(lines, { x: "step", y: "loss, nats per token" });
}

/** The first generated answers of each benchmark, with the models side by side. */
function samples({ results, samples: all }: ReportInput): string {
  const pre = (content: string): PageCell => ({ html: `<pre>${escapeHtml(content)}</pre>` });
  const head = ["prompt ends", "reference", ...results.models.map(({ label }) => label)];
  return Object.entries(all)
    .map(([benchmark, items]) => {
      const rows = items.flatMap((lines) => {
        const asked = lines.find((line) => line && !("error" in line));
        if (!asked || "error" in asked || asked.target === "") return [];
        const answers = lines.map((line) =>
          pre(!line ? "–" : "error" in line ? `failed: ${line.error}` : line.prediction),
        );
        return [[pre(asked.promptTail), pre(asked.target), ...answers]];
      });
      if (rows.length === 0) return "";
      const summary = `<summary>${escapeHtml(benchmark)}</summary>`;
      return `<details>${summary}${table(head, rows, head.length)}</details>`;
    })
    .join("");
}

function dataTable(data: DataManifest | undefined): string {
  if (!data) return "";
  const head = ["dataset", "license", "rows read", "kept", "changed", "dropped", "examples"];
  const rows = data.datasets.map((one) => [
    one.name,
    one.license,
    one.rows.read,
    one.rows.kept,
    one.rows.changed,
    one.rows.dropped,
    one.examples,
  ]);
  return table(head, rows, 2);
}

function mixTable(mix: MixManifest | undefined): string {
  if (!mix) return "";
  const row = (name: string, one: Omit<MixManifest["lengths"][string], "target_tokens">): PageCell[] => [
    name,
    one.sequences,
    one.tokens,
    one.supervised_tokens,
  ];
  const rows = [
    ...Object.entries(mix.datasets).map(([name, one]) => row(name, one)),
    ...Object.entries(mix.lengths).map(([name, one]) => row(`${name} tokens`, one)),
    row("all", mix.train),
  ];
  const packs = `<p>${format(mix.train.packs)} packs, ${format(100 * mix.train.fill)} % full.</p>`;
  return packs + table(["training mix", "sequences", "tokens", "supervised tokens"], rows);
}

function countsTable({ counts }: Results): string {
  const rows = counts.map(({ benchmark, model, items, shortened, failed, skipped }) => {
    const reasons = Object.entries(skipped).map(([reason, n]) => `${n} ${reason}`);
    return [benchmark, model, reasons.join("; ") || "–", items, shortened, failed];
  });
  const note =
    "<p>Shortened: context was cut to fit. Failed: in no figure. " +
    "Not used: held-out examples that a benchmark cannot ask about.</p>";
  return note + table(["benchmark", "model", "not used", "items", "shortened", "failed"], rows, 3);
}
