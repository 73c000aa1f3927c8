import { chineseF1 } from "../../harness/text-metrics/longbench/chinese.ts";
import { jieba } from "../../harness/text-metrics/longbench/jieba.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's qa_f1_zh_score: F1 of Chinese words, as jieba cuts them. */
export const longbenchQaF1Zh: Scorer = {
  official: "LongBench 2e00731",
  check: () => void jieba(),
  score: (prediction, target) => chineseF1(prediction, target, jieba()),
};
