import { roundHalfEven } from "../python-text.ts";
import { squadF1 } from "../squad/word-f1.ts";
import { chineseF1, chineseRouge } from "./chinese.ts";
import { classificationScore } from "./classification.ts";
import { codeSimilarity } from "./code-similarity.ts";
import { jieba } from "./jieba.ts";
import { countScore, retrievalScore } from "./numbers.ts";
import { numpyMean } from "./numpy-mean.ts";
import { longbenchRouge } from "./rouge.ts";

type Metric = (prediction: string, target: string, allClasses: readonly string[]) => number;

/**
 * LongBench v1's nine metrics by the names of their functions. Those in _zh throw where jieba is not there.
 */
export const longbenchMetrics = {
  qa_f1_score: squadF1,
  qa_f1_zh_score: (prediction, target) => chineseF1(prediction, target, jieba()),
  rouge_score: (prediction, target) => longbenchRouge(prediction, target),
  rouge_zh_score: (prediction, target) => chineseRouge(prediction, target, jieba()),
  classification_score: classificationScore,
  retrieval_score: (prediction, target) => retrievalScore(prediction, target, "en"),
  retrieval_zh_score: (prediction, target) => retrievalScore(prediction, target, "zh"),
  count_score: countScore,
  code_sim_score: codeSimilarity,
} as const satisfies Record<string, Metric>;

/** Which of them each of its 21 datasets has. */
export const longbenchDatasets: Readonly<Record<string, keyof typeof longbenchMetrics>> = {
  narrativeqa: "qa_f1_score",
  qasper: "qa_f1_score",
  multifieldqa_en: "qa_f1_score",
  multifieldqa_zh: "qa_f1_zh_score",
  hotpotqa: "qa_f1_score",
  "2wikimqa": "qa_f1_score",
  musique: "qa_f1_score",
  dureader: "rouge_zh_score",
  gov_report: "rouge_score",
  qmsum: "rouge_score",
  multi_news: "rouge_score",
  vcsum: "rouge_zh_score",
  trec: "classification_score",
  triviaqa: "qa_f1_score",
  samsum: "rouge_score",
  lsht: "classification_score",
  passage_retrieval_en: "retrieval_score",
  passage_count: "count_score",
  passage_retrieval_zh: "retrieval_zh_score",
  lcc: "code_sim_score",
  "repobench-p": "code_sim_score",
};

/** Answers to few-shot prompts go on with further examples: only their first line counts. */
const fewShot = new Set(["trec", "triviaqa", "samsum", "lsht"]);

export interface LongbenchRow {
  prediction: string;
  answers: readonly string[];
  /** In tokens or characters, as the dataset has it. */
  length?: number;
}

/** A row's score from 0 to 1: the best over the answers. */
export function longbenchRowScore(
  dataset: string,
  { prediction, answers }: LongbenchRow,
  allClasses: readonly string[],
): number {
  const metric: Metric = longbenchMetrics[longbenchDatasets[dataset]!];
  const text = fewShot.has(dataset) ? prediction.replace(/^\n+/, "").split("\n")[0]! : prediction;
  return answers.reduce((best, answer) => Math.max(best, metric(text, answer, allClasses)), 0);
}

/** LongBench's scorer: in percent, with two places. */
export function longbenchScore(
  dataset: string,
  rows: readonly LongbenchRow[],
  allClasses: readonly string[],
): number {
  const total = rows.reduce((sum, row) => sum + longbenchRowScore(dataset, row, allClasses), 0);
  return roundHalfEven((100 * total) / rows.length, 2);
}

/** LongBench-E's scorer_e: the same by length; NaN where no row has such a length. */
export function longbenchScoreByLength(
  dataset: string,
  rows: readonly (LongbenchRow & { length: number })[],
  allClasses: readonly string[],
): Record<"0-4k" | "4-8k" | "8k+", number> {
  const scoreOf = (isIn: (length: number) => boolean): number => {
    const scores = rows
      .filter(({ length }) => isIn(length))
      .map((row) => longbenchRowScore(dataset, row, allClasses));
    return roundHalfEven(100 * numpyMean(scores), 2);
  };
  return {
    "0-4k": scoreOf((length) => length < 4000),
    "4-8k": scoreOf((length) => length >= 4000 && length < 8000),
    "8k+": scoreOf((length) => length >= 8000),
  };
}
