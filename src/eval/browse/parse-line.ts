import type { WholeAnswer, WholeSample } from "../../contracts/browse.ts";
import type { Asking, Score } from "../benchmark.ts";
import type { SampleLine } from "../results/samples.ts";
import { rowMetrics, type TaskMetric, taskAsking } from "../tasks/results/row-scores.ts";
import { sampleLines } from "../tasks/results/sample-lines.ts";
import type { TaskSample } from "../tasks/results/task-results.ts";

/** A line of a log: a sample, or of a task file a row under one filter, which is then made one. */
export interface Parsed {
  line: SampleLine;
  /** What its scores say how to put together, where it is a row. */
  asking?: Pick<Asking, "headline" | "metrics">;
}

/** Undefined for a log's first line, and for one that a crash left incomplete. */
export function parseLine(text: string, metrics: readonly TaskMetric[] | undefined): Parsed | undefined {
  let value: SampleLine | TaskSample | { key: string };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if ("doc_id" in value) {
    const known = metrics ?? metricsOf(value);
    const [line] = sampleLines([value], known);
    return { line: line!, ...(known.length > 0 && { asking: taskAsking(known) }) };
  }
  return "id" in value ? { line: value } : undefined;
}

/** While a task is not done, its metrics are taken to be means of which more is better. */
function metricsOf({ metrics, filter }: TaskSample): TaskMetric[] {
  const figures = Object.keys(metrics).map((metric) => ({ metric, filter, aggregation: "mean" }));
  return rowMetrics(figures.map((figure) => ({ ...figure, higher_is_better: true })));
}

/** Of logs that say nothing else: the first metric, of which more is better. */
export function askingFrom(scores: readonly Score[]): Pick<Asking, "headline" | "metrics"> | undefined {
  const metric = scores.find(({ slice }) => slice === "")?.metric;
  if (metric === undefined) return undefined;
  return { headline: { metric, name: metric }, metrics: { [metric]: { better: "higher" } } };
}

/** What is asked, from a line; undefined for one that failed, which does not have it. */
export function questionOf(line: SampleLine): Pick<WholeSample, "prompt" | "document" | "gold"> | undefined {
  if ("error" in line) return undefined;
  const { prompt, promptTail, target } = line;
  return {
    prompt: prompt?.text ?? promptTail,
    ...(prompt?.document !== undefined && { document: prompt.document }),
    gold: target,
  };
}

/** An answer whole, from its lines: one, or of a row one for each filter. */
export function answerOf(lines: readonly SampleLine[]): WholeAnswer {
  const [first] = lines;
  if (!first || "error" in first) {
    const isCut = first?.shortened ?? false;
    return { prediction: "", scores: {}, tokens: 0, isCut, error: first?.error ?? "" };
  }
  const scores = lines.flatMap((line) => ("error" in line ? [] : line.scores));
  const whole = scores.filter(({ slice, weight }) => slice === "" && weight > 0);
  return {
    prediction: first.prediction,
    scores: Object.fromEntries(whole.map(({ metric, sum, weight }) => [metric, sum / weight])),
    tokens: first.tokens,
    ...(first.cut !== undefined && { tokensCut: first.cut }),
    isCut: first.shortened,
  };
}
