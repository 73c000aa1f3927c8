import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { fuzzyRatio, isCode } from "../../text-metrics/longbench/code-similarity.ts";
import { longbenchMetrics } from "../../text-metrics/longbench/dataset-score.ts";
import { jieba } from "../../text-metrics/longbench/jieba.ts";
import { longbenchRouge } from "../../text-metrics/longbench/rouge.ts";
import { type KnownFunction, ofResults } from "../helper.ts";
import { firstText, textsOf } from "../row.ts";

type Metric = (prediction: string, target: string, classes: readonly string[]) => number;

/** The best over all right answers, under the metric's own name and as `score`, which groups put together. */
function best(name: string, metric: string, hash: string, score: Metric, isStripped = true): KnownFunction {
  const known = ofResults({ standsFor: `longbench/metrics.${name}`, hashes: [hash] }, (row, results) => {
    const text = firstText(results);
    const prediction = isStripped ? stripBlanks(text, "both") : text;
    const classes = name === "get_classification_with_score" ? textsOf(row, "all_classes") : [];
    const scores = textsOf(row, "answers").map((target) => score(prediction, target, classes));
    const value = Math.max(0, ...scores);
    return { score: value, [metric]: value };
  });
  if (!metric.endsWith("_zh_score") || metric === "retrieval_zh_score") return known;
  // Where Chinese words cannot be cut, that is told before a model runs.
  const make: KnownFunction["make"] = (given) => {
    jieba();
    return known.make(given);
  };
  return { ...known, make };
}

/** Unlike LongBench's own script, the harness passes over lines that are blank. */
function codeSimilarity(prediction: string, target: string): number {
  const lines = prediction.split("\n").filter((line) => stripBlanks(line, "both") !== "");
  return fuzzyRatio(lines.find(isCode) ?? "", target) / 100;
}

const metrics = longbenchMetrics;

export const longbench: readonly KnownFunction[] = [
  best("get_qa_f1_with_score", "qa_f1_score", "4c7134857315eeeabc5ae97685a49f93", metrics.qa_f1_score),
  best(
    "get_qa_f1_zh_with_score",
    "qa_f1_zh_score",
    "d0dcad0b3f52f1c0158744ced8630368",
    metrics.qa_f1_zh_score,
  ),
  best("get_rouge_with_score", "rouge_score", "409aaf3dca638f24d3b825606c4a2e06", (prediction, target) =>
    longbenchRouge(prediction, target),
  ),
  best(
    "get_rouge_zh_with_score",
    "rouge_zh_score",
    "2dc70573e3ca1d3f950e30f181e7a2e1",
    metrics.rouge_zh_score,
  ),
  best(
    "get_classification_with_score",
    "classification_score",
    "20bb378744968274e8a21243fc1e2533",
    metrics.classification_score,
  ),
  best("get_count_with_score", "count_score", "fbc0fb6bbaeab142180eb6db3bb80962", metrics.count_score),
  best(
    "get_retrieval_with_score",
    "retrieval_score",
    "4432ed55aba7ccc3c0cb66219f312c00",
    metrics.retrieval_score,
  ),
  best(
    "get_retrieval_zh_with_score",
    "retrieval_zh_score",
    "7be278de3c69d722bfd9bfabeb07a3a6",
    metrics.retrieval_zh_score,
  ),
  best(
    "get_code_sim_with_score",
    "code_sim_score",
    "2eeea1672fe7981366dd0565000005a3",
    codeSimilarity,
    false,
  ),
];
