import type { Static } from "@sinclair/typebox";
import { answerLetter } from "../../harness/text-metrics/longbench/answer-letter.ts";
import { stripBlanks } from "../../jinja/functions/string-methods.ts";
import { choice, type Mapping } from "../../schema.ts";
import { hasChatTemplate } from "../../tokenizer/chat/template.ts";
import { answerTexts, tailOf } from "../asking/prompt.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import {
  type Answer,
  type Environment,
  hashInput,
  type Item,
  type Prepared,
  type Score,
  scoresIn,
} from "../benchmark.ts";
import { hashPosition } from "../held-out.ts";
import { cutPrompt, type PromptRule } from "./ask-prompt.ts";
import { readV2Templates } from "./config.ts";
import { longbenchSource, openRows } from "./rows.ts";
import { longbenchOptions } from "./v1.ts";
import { compensation, v2Outcome } from "./v2-outcome.ts";
import { type V2Row, v2Prompt, v2Rows } from "./v2-rows.ts";

/** Tokens of an answer, and of a thought before it. */
const [answerTokens, thoughtTokens] = [128, 1024];
const kinds = { "0shot": "", "0shot_cot": "_cot", "0shot_no_context": "_no_context" } as const;
type Kind = keyof typeof kinds;

export const v2Options = {
  ...longbenchOptions("THUDM/LongBench-v2"),
  prompt: choice(Object.keys(kinds) as Kind[], {
    description: "Which of its prompts: plain, with a thought before the answer, or without the document.",
    default: "0shot",
  }),
};
type V2Options = Static<Mapping<typeof v2Options>>;

/**
 * LongBench v2 as its pred.py asks, but greedily (there: temperature 0.1), and as its result.py counts.
 * Throws ConfigError for what is missing before anything is read, and DataError for rows of another form.
 */
export async function v2Items(environment: Environment, options: V2Options): Promise<Prepared> {
  const { tokenizer, maxSeqTokens, limit } = environment;
  const { prompt: kind } = options;
  const names = kind === "0shot_cot" ? ([kind, "0shot_cot_ans"] as const) : ([kind] as const);
  const templates: Partial<Record<string, string>> = await readV2Templates(
    options.config,
    names,
    "longbench-v2.options.config",
  );
  const source = await openRows(options.data, options.revision);
  const positions: { id: string; position: string }[] = [];
  for await (const { _id: id } of v2Rows(source)) positions.push({ id, position: hashPosition(id) });
  const asked = new Set(
    positions
      .toSorted((a, b) => (a.position < b.position ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id),
  );
  const rule: Omit<PromptRule, "maxNewTokens"> = {
    ...{ tokenizer, version: "v2", maxLength: options.max_length, maxSeqTokens },
    isChat: options.chat_template ?? (await hasChatTemplate(tokenizer)),
  };
  const items: Item[] = [];
  const rows: V2Row[] = [];
  for await (const row of v2Rows(source)) {
    if (!asked.has(row._id)) continue;
    items.push(await itemOf(environment, rule, row, templates[kind]!, templates["0shot_cot_ans"]));
    // As pred.py keeps it.
    rows.push({ ...row, context: Array.from(row.context.slice(0, 2000)).slice(0, 1000).join("") });
  }
  const left = positions.length - asked.size;
  return {
    items,
    skipped: left > 0 ? { "rows over the limit": left } : {},
    source: longbenchSource(options.data, source),
    outcome: (label, predictions) => v2Outcome(label, rows, predictions, kinds[kind]),
  };
}

/** `after`: the template that asks for the answer once the model has thought. */
async function itemOf(
  environment: Environment,
  rule: Omit<PromptRule, "maxNewTokens">,
  row: V2Row,
  template: string,
  after: string | undefined,
): Promise<Item> {
  const { _id: id, context } = row;
  const { tokenizer } = environment;
  const maxNewTokens = after === undefined ? answerTokens : thoughtTokens;
  try {
    const { ids, tokensCut } = await cutPrompt(id, v2Prompt(template, row), { ...rule, maxNewTokens });
    const common = {
      id,
      isShortened: tokensCut > 0,
      tokensCut,
      inputHash: hashInput([ids], [row.answer, after ?? ""]),
    };
    const shown = {
      text: withoutMiddle(v2Prompt(template, { ...row, context: "[document]" }), 2000),
      document: withoutMiddle(context, 800),
    };
    const answer = async (response: string, isCut?: boolean): Promise<Answer> => ({
      scores: scoresOf(row, response),
      prompt: shown,
      promptTail: await tailOf(environment, ids),
      target: row.answer,
      prediction: response,
      tokens: ids.length,
      ...(isCut && { isCut }),
    });
    const short = { ...row, context: "" };
    const verbatim = { stopIds: [], minNewTokens: 0 };
    if (after === undefined)
      return {
        ...common,
        ...{ prompt: ids, maxNewTokens, tokenizer, verbatim },
        judge: (prediction) => answer(stripBlanks(prediction, "both")),
      };
    return {
      ...common,
      async ask(model) {
        const [thought] = await answerTexts(model, [{ prompt: ids, maxNewTokens, tokenizer, verbatim }]);
        const text = v2Prompt(after, short, stripBlanks(thought!.text, "both"));
        const second = await cutPrompt(id, text, { ...rule, maxNewTokens: answerTokens });
        const asked = { prompt: second.ids, maxNewTokens: answerTokens, tokenizer, verbatim };
        const [said] = await answerTexts(model, [asked]);
        return await answer(stripBlanks(said!.text, "both"), said!.isCut);
      },
    };
  } catch (error) {
    return { id, isShortened: false, inputHash: "", ask: () => Promise.reject(error) };
  }
}

function scoresOf({ answer, difficulty, length, domain }: V2Row, response: string): Score[] {
  const letter = answerLetter(response);
  const acc = Number(letter === answer);
  const answered = Number(letter !== null);
  const metrics = { acc, compensated: letter === null ? compensation : acc, answered };
  return scoresIn([difficulty, length, `domain ${domain}`], metrics);
}
