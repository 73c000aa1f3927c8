import type { SampleLine } from "../../results/samples.ts";
import { rowDocuments } from "./row-documents.ts";
import { rowScores, type TaskMetric } from "./row-scores.ts";
import type { TaskSample } from "./task-results.ts";

/** Rows of a task as the samples of a benchmark, for the report: what was asked, right and answered. */
export function sampleLines(samples: readonly TaskSample[], metrics: readonly TaskMetric[]): SampleLine[] {
  const scores = rowScores(metrics, samples);
  const documents = rowDocuments(samples);
  return [...Map.groupBy(samples, ({ doc_id }) => doc_id)].map(([docId, [first]], i) => {
    const { doc_hash, target, arguments: all, resps, tokens, error } = first!;
    const common = {
      id: `${docId} ${doc_hash.slice(0, 12)}`,
      shortened: cutTokens(tokens) > 0,
      cut: cutTokens(tokens),
      inputHash: doc_hash,
      ...(documents[i] !== undefined && { document: documents[i] }),
    };
    if (error !== undefined) return { ...common, error };
    const [context = ""] = (all[0] ?? []) as string[];
    return {
      ...common,
      scores: scores.get(docId) ?? [],
      prompt: { text: context },
      promptTail: context.slice(-200),
      target: targetText(target, all),
      prediction: predictionText(resps, all),
      tokens: tokens.flat().reduce((most, { prompt, answer }) => Math.max(most, prompt + answer), 0),
    };
  });
}

/** Tokens cut of all prompts of a row. */
export function cutTokens(tokens: TaskSample["tokens"]): number {
  return tokens.flat().reduce((sum, { cut }) => sum + cut, 0);
}

/** The right choice's text where the target is its place. */
function targetText(target: unknown, all: TaskSample["arguments"]): string {
  if (typeof target === "number" && all.length > 1) return String(all[target]?.[1] ?? target).trim();
  return typeof target === "string" ? target : JSON.stringify(target);
}

/** The likeliest choice's text, or what was written; a text whose likelihood is measured has none. */
function predictionText(resps: readonly unknown[], all: TaskSample["arguments"]): string {
  const [first] = resps.flat();
  if (typeof first === "string") return first;
  if (!Array.isArray(first) || all.length < 2) return "";
  const values = resps.map((draws) => Number((draws as [[number]])[0][0]));
  return String(all[values.indexOf(Math.max(...values))]?.[1] ?? "").trim();
}
