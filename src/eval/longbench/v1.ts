import { type Static, Type } from "@sinclair/typebox";
import { ConfigError } from "../../errors.ts";
import { longbenchDatasets } from "../../harness/text-metrics/longbench/dataset-score.ts";
import { jieba } from "../../harness/text-metrics/longbench/jieba.ts";
import type { Mapping } from "../../schema.ts";
import { hasChatTemplate } from "../../tokenizer/chat/template.ts";
import type { Environment, Item, Prepared } from "../benchmark.ts";
import { type LongbenchConfig, readLongbenchConfig } from "./config.ts";
import { predictionOutcome } from "./predictions.ts";
import { longbenchSource, openRows } from "./rows.ts";
import { type V1Asking, v1Item } from "./v1-item.ts";
import { chooseV1Rows, type V1Row, v1Questions } from "./v1-rows.ts";
import { slicesOf, weightsOf } from "./v1-slices.ts";

/** The datasets of LongBench-E. */
export const eDatasets: readonly string[] = [
  "qasper",
  "multifieldqa_en",
  "hotpotqa",
  "2wikimqa",
  "gov_report",
  "multi_news",
  "trec",
  "triviaqa",
  "samsum",
  "passage_count",
  "passage_retrieval_en",
  "lcc",
  "repobench-p",
];

/** Options that all benchmarks of LongBench have. */
export const longbenchOptions = (hub: string) => ({
  config: Type.Optional(
    Type.String({ description: "Folder with its own prompts, or a checkout of LongBench.", minLength: 1 }),
  ),
  data: Type.String({
    description: "Its rows: a folder, a file, data.zip, or a dataset of the Hub.",
    minLength: 1,
    default: hub,
  }),
  revision: Type.String({ description: "Of the dataset of the Hub.", minLength: 1, default: "main" }),
  max_length: Type.Optional(
    Type.Integer({
      description:
        "Longest prompt in tokens before the chat template; of longer ones the middle goes. Default: what " +
        "`eval.max_seq_tokens` leaves beside the answer.",
      minimum: 2,
    }),
  ),
  chat_template: Type.Optional(
    Type.Boolean({
      description:
        "Whether prompts are messages by the chat template. Default: where the checkpoint has one.",
    }),
  ),
});

/** Options of v1 and E. */
export const v1Options = {
  ...longbenchOptions("THUDM/LongBench"),
  tasks: Type.Optional(
    Type.Array(Type.String(), {
      description: "Names of its datasets. Default: all.",
      minItems: 1,
      uniqueItems: true,
    }),
  ),
};
export type V1Options = Static<Mapping<typeof v1Options>>;

/**
 * LongBench v1 or E, as its pred.py asks and its eval.py scores. Throws ConfigError for what is missing
 * before anything is read, and DataError for rows of another form.
 */
export async function v1Items(environment: Environment, options: V1Options, isE: boolean): Promise<Prepared> {
  const name = isE ? "longbench-e" : "longbench";
  const { tokenizer, limit } = environment;
  const config = await readLongbenchConfig(options.config, `${name}.options.config`);
  const datasets = datasetsOf(options.tasks, isE, config, name);
  const source = await openRows(options.data, options.revision);
  const fileOf = (dataset: string): string => (isE ? `${dataset}_e` : dataset);
  const chosen = await chooseV1Rows(source, datasets, fileOf, limit);
  const weights = weightsOf(chosen, isE);
  const lineBreak = (await tokenizer.encodeWithSpecials(["\n"], false))[0]!.at(-1);
  const common: Omit<V1Asking, "allClasses" | "slices"> = {
    ...{ name, environment, config, lineBreak, maxLength: options.max_length },
    hasTemplate: options.chat_template ?? (await hasChatTemplate(tokenizer)),
  };
  const items: Item[] = [];
  const rows: V1Row[] = [];
  const skipped: Record<string, number> = {};
  for (const [dataset, { rows: all, asked, allClasses }] of chosen) {
    if (asked.size < all) skipped[`rows of ${dataset} over the limit`] = all - asked.size;
    for await (const { texts, ...row } of v1Questions(source, dataset, fileOf(dataset))) {
      if (!asked.has(row.id)) continue;
      const slices = slicesOf(row, weights, isE);
      items.push(await v1Item({ ...common, allClasses, slices }, { ...row, texts }));
      rows.push(row);
    }
  }
  return {
    items,
    skipped,
    source: longbenchSource(options.data, source),
    outcome: (label, predictions) => predictionOutcome(label, rows, predictions, isE),
  };
}

function datasetsOf(
  asked: readonly string[] | undefined,
  isE: boolean,
  { prompts, maxNewTokens }: LongbenchConfig,
  name: string,
): readonly string[] {
  const known = isE ? eDatasets : Object.keys(longbenchDatasets);
  const datasets = asked ?? known;
  const where = `${name}.options.tasks`;
  const unknown = datasets.find((dataset) => !known.includes(dataset));
  if (unknown !== undefined)
    throw new ConfigError(where, [`expected some of ${known.join(", ")}, got ${unknown}`]);
  const bare = datasets.find((dataset) => !prompts.has(dataset) || !maxNewTokens.has(dataset));
  if (bare !== undefined)
    throw new ConfigError(where, [`expected a prompt and a length in config for each, got none for ${bare}`]);
  if (datasets.some((dataset) => needsChineseWords.has(longbenchDatasets[dataset]!))) jieba();
  return datasets;
}

const needsChineseWords = new Set(["qa_f1_zh_score", "rouge_zh_score"]);
