import { DataError } from "../../../errors.ts";
import { figuresOf } from "../../results/figures.ts";
import { rowDocuments } from "../../tasks/results/row-documents.ts";
import { rowScores, type TaskMetric, taskAsking } from "../../tasks/results/row-scores.ts";
import type { TaskSample } from "../../tasks/results/task-results.ts";
import { type AskedBenchmark, type AskedItem, contentHash } from "../entry.ts";

/** What of a logged row tells what was asked and how it was scored. */
export type LoggedRow = Pick<
  TaskSample,
  "doc_id" | "filter" | "doc" | "target" | "arguments" | "metrics" | "error"
>;

/**
 * A task from its rows. `metrics`: figures that rows add up to. `recorded`: the headline as the results have
 * it, where rows do not.
 */
export function askedTask(
  metrics: readonly TaskMetric[],
  samples: readonly LoggedRow[],
  recorded?: { value: number; n: number },
): AskedBenchmark {
  const asking = taskAsking(metrics);
  const scores = rowScores(metrics, samples);
  const firsts = new Map<number, LoggedRow>();
  for (const sample of samples) if (!firsts.has(sample.doc_id)) firsts.set(sample.doc_id, sample);
  const documents = rowDocuments(samples);
  const items = [...firsts].map(([docId, { doc, target, arguments: all }], i): AskedItem => {
    const document = documents[i];
    return {
      id: String(docId),
      content: contentHash([doc, typeof target === "string" ? target : JSON.stringify(target)]),
      prompt: contentHash(all.map((texts) => texts.filter((one) => typeof one === "string"))),
      ...(document !== undefined && { document }),
      scores: scores.get(docId) ?? [],
    };
  });
  const known = figuresOf(
    items.map((item) => item.scores),
    asking.metrics,
    documents,
  ).find(({ metric }) => metric === asking.headline.metric);
  if (!known) return { asking, items, ...(recorded && { value: recorded }) };
  const { value, low, high, n } = known;
  const spread = low !== undefined && high !== undefined && { low, high };
  return { asking, items, value: { value, n, ...spread } };
}

/** A line of a samples file as a row. Throws DataError, with `where`, without a row's place. */
export function sampleOf(line: Record<string, unknown>, where: string): LoggedRow {
  const { doc_id, filter, doc, target, metrics, error } = line;
  if (typeof doc_id !== "number")
    throw new DataError(`${where}: expected a number in doc_id, got ${JSON.stringify(doc_id) ?? "none"}`);
  return {
    doc_id,
    filter: typeof filter === "string" ? filter : "none",
    ...{ doc, target },
    arguments: Array.isArray(line.arguments) ? (line.arguments as unknown[][]) : [],
    metrics: (metrics ?? {}) as Record<string, unknown>,
    ...(typeof error === "string" && { error }),
  };
}
