import { ConfigError, messageOf } from "../../errors.ts";
import { formatNamed } from "../../harness/python/format.ts";
import { longbenchRowScore } from "../../harness/text-metrics/longbench/dataset-score.ts";
import { tailOf } from "../asking/prompt.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import { type Environment, hashInput, type Item } from "../benchmark.ts";
import { type CutPrompt, cutPrompt } from "./ask-prompt.ts";
import type { LongbenchConfig } from "./config.ts";
import type { V1Question } from "./v1-rows.ts";
import type { WeighedSlice } from "./v1-slices.ts";

/** Their prompts are examples that go on, or code: its authors found them answered better as they are. */
const withoutTemplate = new Set(["trec", "triviaqa", "samsum", "lsht", "lcc", "repobench-p"]);

/** How a question is asked and scored. */
export interface V1Asking {
  /** Of the benchmark, for messages. */
  name: string;
  environment: Environment;
  config: LongbenchConfig;
  hasTemplate: boolean;
  maxLength: number | undefined;
  /** The last id of an encoded line break, which ends a summary of samsum. */
  lineBreak: number | undefined;
  allClasses: readonly string[];
  slices: readonly WeighedSlice[];
}

/**
 * A question as pred.py asks it, and its score as eval.py's. One whose prompt does not fit fails when it is
 * asked. Throws ConfigError for a template that names what the row does not have.
 */
export async function v1Item(asking: V1Asking, question: V1Question): Promise<Item> {
  const { environment, config, hasTemplate, maxLength, allClasses } = asking;
  const { id, dataset, answers, texts } = question;
  const { tokenizer, maxSeqTokens } = environment;
  const maxNewTokens = config.maxNewTokens.get(dataset)!;
  const isChat = hasTemplate && !withoutTemplate.has(dataset);
  const rule = { tokenizer, version: "v1", isChat, maxLength, maxSeqTokens, maxNewTokens } as const;
  const text = promptText(asking, dataset, texts);
  let prompt: CutPrompt;
  try {
    prompt = await cutPrompt(id, text, rule);
  } catch (error) {
    return { id, isShortened: false, inputHash: "", ask: () => Promise.reject(error) };
  }
  const { ids, tokensCut } = prompt;
  const shown = {
    text: withoutMiddle(promptText(asking, dataset, new Map([...texts, ["context", "[document]"]])), 2000),
    document: withoutMiddle(texts.get("context")!, 800),
  };
  return {
    id,
    isShortened: tokensCut > 0,
    tokensCut,
    inputHash: hashInput([ids], [...answers, JSON.stringify(allClasses)]),
    prompt: ids,
    maxNewTokens,
    tokenizer,
    verbatim: endingOf(dataset, asking),
    async judge(prediction) {
      const score = longbenchRowScore(dataset, { prediction, answers }, allClasses);
      return {
        scores: asking.slices.map(({ slice, weight }) => {
          return { slice, metric: "score", sum: score * weight, weight };
        }),
        prompt: shown,
        promptTail: await tailOf(environment, ids),
        target: answers.join(" | "),
        prediction,
        tokens: ids.length,
      };
    },
  };
}

/** A summary of samsum ends with its line, and has a token before that: models went on with new dialogues. */
function endingOf(dataset: string, { lineBreak }: V1Asking) {
  if (dataset !== "samsum" || lineBreak === undefined) return { stopIds: [], minNewTokens: 0 };
  return { stopIds: [lineBreak], minNewTokens: 1 };
}

function promptText({ name, config }: V1Asking, dataset: string, texts: ReadonlyMap<string, string>): string {
  try {
    return formatNamed(config.prompts.get(dataset)!, texts);
  } catch (error) {
    throw new ConfigError(`${name}.options.config: dataset2prompt.json`, [`${dataset}: ${messageOf(error)}`]);
  }
}
