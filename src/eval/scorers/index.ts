import type { Scorer } from "../scoring/scorer.ts";
import { exactMatch } from "./exact-match.ts";
import { f1 } from "./f1.ts";
import { helmetF1Scorer } from "./helmet-f1.ts";
import { longbenchCodeSim } from "./longbench-code-sim.ts";
import { longbenchCount } from "./longbench-count.ts";
import { longbenchQaF1Zh } from "./longbench-qa-f1-zh.ts";
import { longbenchRetrieval } from "./longbench-retrieval.ts";
import { longbenchRetrievalZh } from "./longbench-retrieval-zh.ts";
import { longbenchRougeScorer } from "./longbench-rouge.ts";
import { longbenchRougeZh } from "./longbench-rouge-zh.ts";
import { longbenchV2Answer } from "./longbench-v2-answer.ts";
import { rougeL } from "./rouge-l.ts";
import { rougeLStemmed } from "./rouge-l-stemmed.ts";
import { rougeLsum } from "./rouge-lsum.ts";
import { rougeLsumStemmed } from "./rouge-lsum-stemmed.ts";
import { rouge1 } from "./rouge1.ts";
import { rouge1Stemmed } from "./rouge1-stemmed.ts";
import { rouge2 } from "./rouge2.ts";
import { rouge2Stemmed } from "./rouge2-stemmed.ts";
import { squadV2F1Scorer } from "./squad-v2-f1.ts";
import { stringMatchAll } from "./string-match-all.ts";
import { stringMatchPart } from "./string-match-part.ts";
import { substringExactMatchScorer } from "./substring-exact-match.ts";

/** Scorers by the name used in results. */
export const scorerCatalog = {
  exact_match: exactMatch,
  f1,
  helmet_f1: helmetF1Scorer,
  longbench_code_sim: longbenchCodeSim,
  longbench_count: longbenchCount,
  longbench_qa_f1_zh: longbenchQaF1Zh,
  longbench_retrieval: longbenchRetrieval,
  longbench_retrieval_zh: longbenchRetrievalZh,
  longbench_rouge: longbenchRougeScorer,
  longbench_rouge_zh: longbenchRougeZh,
  longbench_v2_answer: longbenchV2Answer,
  rouge1,
  rouge1_stemmed: rouge1Stemmed,
  rouge2,
  rouge2_stemmed: rouge2Stemmed,
  rougeL,
  rougeL_stemmed: rougeLStemmed,
  rougeLsum,
  rougeLsum_stemmed: rougeLsumStemmed,
  squad_v2_f1: squadV2F1Scorer,
  string_match_all: stringMatchAll,
  string_match_part: stringMatchPart,
  substring_exact_match: substringExactMatchScorer,
} as const satisfies Record<string, Scorer>;
