import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../files.ts";
import type { RunEvent } from "../run/events.ts";
import { escapeHtml, format, heatMap, type Line, lineChart } from "./charts.ts";
import type { Results } from "./results.ts";
import type { SampleLine } from "./samples.ts";

/** Writes `<runDir>/report.html`: one file that needs nothing else, with everything from data escaped. */
export async function writeReport(runDir: string, results: Results): Promise<void> {
  const sections = [
    `<h1>${escapeHtml(basename(runDir))}</h1><p>${results.models.map(({ label, sha256 }) => `<b>${escapeHtml(label)}</b> ${sha256.slice(0, 12)}`).join(" · ")}</p>`,
    section("Results on held-out documents", table(results)),
    section("Perplexity by context length", perplexityChart(results)),
    section("Pass key by length and depth", passkeyMaps(results)),
    section("Training", lossChart(join(runDir, "train", "metrics.jsonl"))),
    section("Data and mix", counts(runDir, results)),
    section("Samples", samples(runDir, results)),
  ];
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(basename(runDir))} – zebratune</title><style>${style}</style><main>${sections.join("")}</main></html>\n`;
  await writeFileAtomic(join(runDir, "report.html"), html);
}

const style = `:root{color-scheme:light dark;--c0:light-dark(#6b7280,#9ca3af);--c1:light-dark(#0f766e,#2dd4bf);--line:light-dark(#e5e7eb,#374151)}
body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:960px;margin:auto;padding:1.5rem}h1{margin-bottom:0}h2{margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child,td.text,th.text{text-align:left}section{overflow-x:auto}
.heat{width:auto;display:inline-table;margin-right:2rem}caption{text-align:left;font-weight:600}.better{color:var(--c1);font-weight:600}
svg{width:100%;max-width:640px}svg text{font-size:11px;fill:currentColor}.grid{stroke:var(--line)}polyline{fill:none;stroke-width:2}
polyline.c0{stroke:var(--c0)}polyline.c1{stroke:var(--c1)}circle.c0,svg text.c0{fill:var(--c0)}circle.c1,svg text.c1{fill:var(--c1)}pre{white-space:pre-wrap;margin:.2rem 0}`;

function section(title: string, body: string): string {
  return body === "" ? "" : `<section><h2>${escapeHtml(title)}</h2>${body}</section>`;
}

/** Where less is better. */
const falling = new Set(["nats_per_token", "perplexity", "bits_per_byte"]);

function table({ models, results, comparisons }: Results): string {
  const keys = [
    ...new Set(results.map(({ benchmark, slice, metric }) => JSON.stringify([benchmark, slice, metric]))),
  ];
  const rows = keys.map((key) => {
    const [benchmark, slice, metric] = JSON.parse(key) as [string, string, string];
    const is = (one: { benchmark: string; slice: string; metric: string }) =>
      one.benchmark === benchmark && one.slice === slice && one.metric === metric;
    const cells = models.map(({ label }) => {
      const one = results.find((result) => result.model === label && is(result));
      return one
        ? `<td>${format(one.value)} <small>[${format(one.low)}, ${format(one.high)}]</small></td>`
        : "<td>–</td>";
    });
    const change = comparisons.find(is);
    const isBetter = change && (falling.has(metric) ? change.high < 0 : change.low > 0);
    const difference = change
      ? `<td${isBetter ? ' class="better"' : ""}>${format(change.difference)} <small>[${format(change.low)}, ${format(change.high)}]</small></td>`
      : "";
    const n = results.find(is)?.n ?? 0;
    return `<tr><td>${escapeHtml(benchmark)}</td><td class="text">${escapeHtml(slice || "all")}</td><td class="text">${escapeHtml(metric)}</td><td>${n}</td>${cells.join("")}${difference}</tr>`;
  });
  const head = models.map(({ label }) => `<th>${escapeHtml(label)}</th>`).join("");
  const last = comparisons.length > 0 ? "<th>difference</th>" : "";
  return `<p>95 % bootstrap intervals over items; differences are paired. Coloured: the interval of the difference excludes no change, for the better.</p><table><tr><th>benchmark</th><th class="text">slice</th><th class="text">metric</th><th>n</th>${head}${last}</tr>${rows.join("")}</table>`;
}

function perplexityChart({ models, results }: Results): string {
  const buckets = results.filter(
    ({ benchmark, metric, slice }) => benchmark === "perplexity" && metric === "perplexity" && slice,
  );
  const names = [...new Set(buckets.map(({ slice }) => slice))];
  const lines: Line[] = models.map(({ label }) => ({
    name: label,
    points: names.flatMap((slice, x) => {
      const one = buckets.find((result) => result.model === label && result.slice === slice);
      return one ? [{ x, y: one.value }] : [];
    }),
  }));
  return lineChart(lines, {
    x: "tokens before",
    y: "perplexity",
    labels: Object.fromEntries(names.entries()),
  });
}

function passkeyMaps({ models, results }: Results): string {
  const cells = results.flatMap((one) => {
    const [, length, depth] = /^(\d+) tokens, depth (\d+) %$/.exec(one.slice) ?? [];
    return one.benchmark === "passkey" && length && depth
      ? [{ model: one.model, length, depth, value: one.value }]
      : [];
  });
  if (cells.length === 0) return "";
  const lengths = [...new Set(cells.map(({ length }) => length))];
  const depths = [...new Set(cells.map(({ depth }) => depth))];
  return models
    .map(({ label }) =>
      heatMap(`${label}: depth % × tokens`, depths, lengths, (depth, length) => {
        return cells.find((cell) => cell.model === label && cell.depth === depth && cell.length === length)
          ?.value;
      }),
    )
    .join("");
}

function lossChart(path: string): string {
  if (!existsSync(path)) return "";
  const events = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RunEvent);
  const points = (type: "train.step" | "train.validation") =>
    events.flatMap((event) => (event.type === type ? [{ x: event.step, y: event.lossNatsPerToken }] : []));
  const lines = [
    { name: "train", points: points("train.step") },
    { name: "validation", points: points("train.validation") },
  ];
  return lineChart(lines, { x: "step", y: "nats / token" });
}

function counts(runDir: string, { counts: evaluated }: Results): string {
  const rows = evaluated.map(
    ({ model, benchmark, items, shortened, failed, skipped }) =>
      `<tr><td>${escapeHtml(benchmark)}</td><td class="text">${escapeHtml(model)}</td><td>${items}</td><td>${shortened}</td><td>${failed}</td><td>${skipped}</td></tr>`,
  );
  const asked = `<table><tr><th>benchmark</th><th>model</th><th>items</th><th>shortened</th><th>failed</th><th>skipped</th></tr>${rows.join("")}</table>`;
  const manifests = ["data", "mix"].map((stage) => {
    const path = join(runDir, stage, "manifest.json");
    if (!existsSync(path)) return "";
    return `<details><summary>${stage}/manifest.json</summary><pre>${escapeHtml(readFileSync(path, "utf8"))}</pre></details>`;
  });
  return asked + manifests.join("");
}

/** The first generated answers of each benchmark, model beside model. */
function samples(runDir: string, { models, settings }: Results): string {
  return settings.benchmarks
    .map(({ name }) => {
      const logs = models.map(({ label }) => {
        const path = join(runDir, "eval", "samples", label, `${name}.jsonl`);
        const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").slice(1, 7) : [];
        return lines.map((line) => JSON.parse(line) as SampleLine);
      });
      const rows = (logs[0] ?? []).flatMap((sample, i) => {
        if ("error" in sample || sample.prediction === "") return [];
        const answers = logs
          .map((log) => log[i])
          .map((one) => (one && !("error" in one) ? one.prediction : "–"));
        const cells = answers
          .map((answer) => `<td class="text"><pre>${escapeHtml(answer)}</pre></td>`)
          .join("");
        return [
          `<tr><td><pre>${escapeHtml(sample.promptTail)}</pre></td><td class="text">${escapeHtml(sample.target)}</td>${cells}</tr>`,
        ];
      });
      if (rows.length === 0) return "";
      const head = models.map(({ label }) => `<th>${escapeHtml(label)}</th>`).join("");
      return `<details><summary>${escapeHtml(name)}</summary><table><tr><th>prompt ends</th><th>reference</th>${head}</tr>${rows.join("")}</table></details>`;
    })
    .join("");
}
