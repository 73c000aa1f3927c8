import { escapeHtml } from "../../../quote.ts";
import type { Asking, ShownPrompt } from "../../benchmark.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import type { Results } from "../../results/results.ts";
import type { SampleLine } from "../../results/samples.ts";
import { format, formatSigned } from "../charts/ticks.ts";
import { details } from "../table.ts";

/** What each model answered to one question, in the order of the models. */
export type SampleRow = readonly (SampleLine | undefined)[];

/** Samples take at most so many characters of the page, and each text of them so many. */
const [mostPage, mostText] = [3_000_000, 3000];

interface Asked {
  benchmark: string;
  /** Undefined for one that this version does not know. */
  asking: Asking | undefined;
}

interface Shown {
  benchmark: string;
  html: string;
  /** How much better the last model is than the first; null where that cannot be said. */
  gain: number | null;
}

/**
 * All questions with what is right and what was answered, those that changed most first where not all fit.
 * It reads without its script, which filters and sorts.
 */
export function samples(
  labels: readonly string[],
  all: Readonly<Record<string, readonly SampleRow[]>>,
  asked: Pick<Results, "own" | "tasks"> = {},
): string {
  const shown = Object.entries(all).flatMap(([benchmark, rows]) => {
    const asking = knownBenchmark(asked, benchmark);
    return rows.flatMap((row) => sampleOf({ benchmark, asking }, labels, row));
  });
  if (shown.length === 0) return "";
  const kept = new Set<Shown>();
  let size = 0;
  for (const one of shown.toSorted((a, b) => Math.abs(b.gain ?? 0) - Math.abs(a.gain ?? 0))) {
    size += one.html.length;
    if (size > mostPage) break;
    kept.add(one);
  }
  const left =
    kept.size === shown.length
      ? `All ${format(shown.length)} questions.`
      : `${format(kept.size)} of ${format(shown.length)} questions, those that changed most: the page has room ` +
        `for ${format(mostPage / 1e6)} million characters of them. All are in eval/samples.`;
  const names = [...new Set(shown.map(({ benchmark }) => benchmark))];
  const option = (value: string, text = value): string =>
    `<option value="${escapeHtml(value)}">${escapeHtml(text)}</option>`;
  const changes = [
    option("", "all"),
    option("worse", "▼ got worse"),
    option("better", "▲ got better"),
    option("same", "= the same"),
  ];
  const orders = [
    option("asked", "as asked"),
    option("worse", "worst change first"),
    option("better", "best change first"),
  ];
  const filters =
    `<div class="filters" hidden><label>benchmark<select id="benchmark">${option("", "all")}` +
    `${names.map((name) => option(name)).join("")}</select></label>` +
    (labels.length > 1
      ? `<label>change<select id="change">${changes.join("")}</select></label>` +
        `<label>order<select id="order">${orders.join("")}</select></label>`
      : "") +
    `<label>contains<input id="text" type="search"></label><span id="count" role="status"></span></div>`;
  const list = shown.filter((one) => kept.has(one)).map(({ html }) => html);
  return `<p>${left}</p>${filters}<div id="samples">${list.join("")}</div><p><button id="more" hidden>show more</button></p>`;
}

function sampleOf({ benchmark, asking }: Asked, labels: readonly string[], row: SampleRow): Shown[] {
  const asked = row.find((line) => line && !("error" in line));
  const any = asked ?? row.find((line) => line !== undefined);
  if (!any) return [];
  const values = row.map((line) => scoreOf(asking, line));
  const [first, last] = [values[0] ?? null, values.at(-1) ?? null];
  const lowerIsBetter = metricOf(asking)?.better === "lower";
  const change = row.length < 2 || first === null || last === null ? null : last - first;
  // Of a perplexity as a share of it, so that benchmarks can be sorted together.
  const gain = change === null ? null : lowerIsBetter ? -change / Math.max(1e-9, first!) : change;
  const outcome = gain === null || Math.abs(gain) < 1e-9 ? "same" : gain > 0 ? "better" : "worse";
  const sign = { same: "=", better: "▲", worse: "▼" }[outcome];
  const name = asking?.headline.name ?? "score";
  const mark =
    change === null
      ? ""
      : `<span class="mark ${outcome}">${sign} ${outcome === "same" ? "the same" : formatSigned(change)}</span>`;
  const answers = row.map((line, i) => {
    const value = values[i];
    const score = value === null || value === undefined ? "" : ` · ${escapeHtml(name)} ${format(value, 3)}`;
    return answerHtml(`${escapeHtml(labels[i] ?? "")}${score}`, textOf(line));
  });
  const target =
    asked && !("error" in asked) && asked.target !== "" ? answerHtml("right answer", asked.target) : "";
  const html =
    `<article class="sample" data-benchmark="${escapeHtml(benchmark)}" data-change="${outcome}" ` +
    `data-gain="${gain ?? 0}"><header><b>${escapeHtml(benchmark)}</b>${mark}` +
    `<code>${escapeHtml(any.id)}</code>${cutNote(row)}</header>` +
    `${promptHtml(asked)}<div class="answers">${target}${answers.join("")}</div></article>`;
  return [{ benchmark, html, gain }];
}

function promptHtml(line: SampleLine | undefined): string {
  if (!line || "error" in line) return "";
  const prompt: ShownPrompt = line.prompt ?? { text: `… ${line.promptTail}` };
  const tokens = `${format(line.tokens)} tokens`;
  const document = prompt.document ?? "";
  return (
    `<pre>${escapeHtml(prompt.text)}</pre>` +
    (document === "" ? `<small>${tokens}</small>` : details(`document (${tokens} in all)`, pre(document)))
  );
}

function answerHtml(titleHtml: string, text: string | undefined): string {
  if (text === undefined) return `<div><h4>${titleHtml}</h4></div>`;
  return `<div><h4>${titleHtml}</h4>${text === "" ? "<small>nothing</small>" : pre(text)}</div>`;
}

function textOf(line: SampleLine | undefined): string | undefined {
  if (!line) return "not asked";
  if ("error" in line) return `failed: ${line.error}`;
  return line.prediction === "" && line.target === "" ? undefined : line.prediction;
}

function pre(text: string): string {
  const cut =
    text.length > mostText ? `${text.slice(0, mostText)} … (${format(text.length)} characters)` : text;
  return `<pre>${escapeHtml(cut)}</pre>`;
}

function metricOf(asking: Asking | undefined) {
  if (!asking) return undefined;
  const { metric } = asking.headline;
  return { metric, ...asking.metrics[metric]! };
}

/** The headline figure of one item. */
function scoreOf(asking: Asking | undefined, line: SampleLine | undefined): number | null {
  const metric = metricOf(asking);
  if (!metric || !line || "error" in line) return null;
  const from = metric.derived?.from ?? metric.metric;
  const score = line.scores.find((one) => one.slice === "" && one.metric === from);
  if (!score || score.weight === 0) return null;
  const mean = score.sum / score.weight;
  return metric.derived ? metric.derived.of(mean) : mean;
}

function cutNote(row: readonly (SampleLine | undefined)[]): string {
  const cut = row.find((line) => line?.shortened);
  if (!cut) return "";
  return `<small>${cut.cut === undefined ? "prompt cut" : `${format(cut.cut)} tokens of the prompt cut`}</small>`;
}
