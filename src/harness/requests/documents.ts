import { DataError } from "../../errors.ts";
import { isInteger, isList, type Value } from "../../jinja/values/values.ts";
import { shapeOf } from "../metrics/score-row.ts";
import type { EvaluatedRow, TargetShape } from "../metrics/scoring.ts";
import type { Turn } from "../respondent.ts";
import type { Row, TaskConfig } from "../task-config.ts";
import { type Fields, fieldsOf, reprOf, textOf, wrong } from "./fields.ts";
import { openShots } from "./shots.ts";
import { asSingleTurn, asText, type Delimited, endsBlank, joined, plain, questionTurns } from "./turns.ts";

/** How prompts are made, besides what the task's file says. */
export interface PromptSettings {
  numFewshot: number;
  fewshotSeed: number;
  systemInstruction?: string | undefined;
  /** By the model's chat template; undefined: as plain text. */
  chat?: { asMultiturn: boolean; render(turns: readonly Turn[], isOpen: boolean): string } | undefined;
}

/** One row of a task as it is asked: the arguments of upstream's requests. */
export interface TaskDocument {
  /** Place of the row in its split. */
  docId: number;
  row: Row;
  target: Value;
  /** What `doc_to_text` gave: the index of the right choice where the choices are the questions. */
  text: string | number;
  choices?: readonly string[];
  /**
   * multiple_choice and loglikelihood: [context, continuation] each; generate_until: [context];
   * loglikelihood_rolling: [text].
   */
  arguments: readonly (readonly string[])[];
  /** Why nothing can be asked about the row; it has no arguments then. */
  error?: string;
}

export interface TaskDocuments {
  documents: TaskDocument[];
  fields: Fields;
  /** What the first row says of all. */
  shape: TargetShape;
}

/** Rows that are asked about, with their places in the split, and the rows that examples are drawn from. */
export interface TaskRows {
  asked: readonly { docId: number; row: Row }[];
  /** The first row of the split, which decides how its fields are read. */
  first: Row;
  pool: readonly Row[];
}

/**
 * The prompts of a task for the rows that are asked about, in their order, exactly as lm-evaluation-harness
 * 0.4.13 makes them (ConfigurableTask.fewshot_context, construct_requests). A row of which the task's fields
 * make nothing that can be asked fails alone, where upstream ends; throws DataError where it is the first.
 */
export function documentsOf(config: TaskConfig, rows: TaskRows, settings: PromptSettings): TaskDocuments {
  const columns = new Set([...rows.first.keys()].map(String));
  const fields = fieldsOf(config, columns);
  const shape = inRow(config, 0, () => shapeOf(firstOf(config, fields, rows.first)));
  const hasSeveralInputs = shape.hasMultipleInputs;
  const contextOf = contexts(config, fields, rows.pool, settings, hasSeveralInputs);
  const documents = rows.asked.map(({ docId, row }, i): TaskDocument => {
    const make = () => documentOf(config, fields, { docId, row }, contextOf, settings, hasSeveralInputs);
    if (i === 0) return inRow(config, docId, make);
    try {
      return make();
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return { docId, row, target: null, text: "", arguments: [], error: error.message };
    }
  });
  return { documents, fields, shape };
}

/** Says which row it was where something of it cannot be made. */
function inRow<T>({ file, task }: TaskConfig, docId: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const where = `${file}: ${task}: row ${docId}`;
    const message = error.message.startsWith(file)
      ? error.message.replace(`${file}: ${task}`, where)
      : `${where}: ${error.message}`;
    throw new DataError(message, { cause: error });
  }
}

function firstOf(config: TaskConfig, fields: Fields, row: Row): EvaluatedRow {
  const choices = config.doc_to_choice === undefined ? undefined : fields.choices(row);
  const text = config.output_type === "loglikelihood_rolling" ? "" : fields.text(row);
  return { ...(choices && { choices }), target: fields.target(row), text };
}

function documentOf(
  config: TaskConfig,
  fields: Fields,
  { docId, row }: { docId: number; row: Row },
  contextOf: (row: Row) => string[],
  { chat }: PromptSettings,
  hasSeveralInputs: boolean,
): TaskDocument {
  const target = fields.target(row);
  if (config.output_type === "loglikelihood_rolling")
    return { docId, row, target, text: "", arguments: [[textIn(config, target)]] };
  const text = fields.text(row);
  const contexts = contextOf(row);
  if (config.output_type === "generate_until") {
    const choices = config.doc_to_choice === undefined ? undefined : fields.choices(row);
    return { docId, row, target, text, ...(choices && { choices }), arguments: [contexts] };
  }
  if (config.output_type === "loglikelihood")
    return { docId, row, target, text, arguments: [[contexts[0]!, textIn(config, target)]] };
  const choices = fields.choices(row);
  const { gen_prefix, target_delimiter } = config;
  const delimiter = chat && !(gen_prefix && !endsBlank(gen_prefix)) ? "" : target_delimiter;
  const pairs = hasSeveralInputs
    ? contexts.map((context) => [context, delimiter + textOf(target)])
    : choices.map((choice) => [contexts[0]!, delimiter + choice]);
  if (config.metric_list?.some(({ metric }) => metric === "acc_mutual_info"))
    pairs.push(...choices.map((choice) => ["", delimiter + choice]));
  return { docId, row, target, text, choices, arguments: pairs };
}

function textIn(config: TaskConfig, target: Value): string {
  if (typeof target === "string") return target;
  throw wrong(config, "doc_to_target", `a text, for ${config.output_type}`, reprOf(target));
}

/** Makes contexts row by row, in their order: one for each row, or one for each choice. */
function contexts(
  config: TaskConfig,
  fields: Fields,
  pool: readonly Row[],
  { numFewshot, fewshotSeed, systemInstruction, chat }: PromptSettings,
  hasSeveralInputs: boolean,
): (row: Row) => string[] {
  const { fewshot_config: shown, fewshot_delimiter } = config;
  const shots = openShots(config, pool, fewshotSeed);
  const mayShowItself = shown.split !== config.test_split;
  const example = (row: Row): Delimited[] => {
    const text = fields.text(row, shown.doc_to_text);
    const choices = shown.doc_to_choice === undefined ? undefined : fields.choices(row, shown.doc_to_choice);
    const target = fields.target(row, shown.doc_to_target);
    return questionTurns({
      text: hasSeveralInputs ? choiceAt(config, choices, text) : questionIn(config, text),
      answer: answerIn(config, target, hasSeveralInputs ? undefined : choices),
      genPrefix: fields.resolve(row, "fewshot_config.gen_prefix", shown.gen_prefix),
      targetDelimiter: shown.target_delimiter,
      fewshotDelimiter: shown.fewshot_delimiter,
    });
  };
  const render = (turns: readonly Delimited[], genPrefix: string | undefined): string =>
    chat ? chat.render(chat.asMultiturn ? plain(turns) : asSingleTurn(turns), !genPrefix) : asText(turns);
  return (row) => {
    const system = joined(
      systemInstruction,
      fields.resolve(row, "description", config.description),
      fewshot_delimiter,
    );
    const before: Delimited[] = system ? [{ role: "system", content: system, delimiter: "" }] : [];
    for (const shot of shots.draw(numFewshot, mayShowItself ? null : row)) before.push(...example(shot));
    const genPrefix = fields.resolve(row, "gen_prefix", config.gen_prefix);
    const text = fields.text(row);
    const asked = hasSeveralInputs ? fields.choices(row) : [questionIn(config, text)];
    return asked.map((one) => {
      const targetDelimiter = hasSeveralInputs ? "" : config.target_delimiter;
      const turns = questionTurns({ text: one, genPrefix, targetDelimiter, fewshotDelimiter: "" });
      return render([...before, ...turns], genPrefix);
    });
  };
}

function questionIn(config: TaskConfig, text: string | number): string {
  if (typeof text === "string") return text;
  throw wrong(config, "doc_to_text", "a text", String(text));
}

/** An example's answer: the choice that its target says, the first of several, or the target itself. */
function answerIn(config: TaskConfig, target: Value, choices: readonly string[] | undefined): string {
  const answer =
    choices && isInteger(target)
      ? choiceAt(config, choices, Number(target))
      : isList(target)
        ? (target[0] ?? null)
        : target;
  if (answer === null) return "";
  if (typeof answer === "string") return answer;
  throw wrong(config, "doc_to_target", "a text, for an example", reprOf(answer));
}

/** As Python's lists: −1 is the last. */
function choiceAt(
  config: TaskConfig,
  choices: readonly string[] | undefined,
  index: string | number,
): string {
  const found = typeof index === "number" ? choices?.at(index) : undefined;
  if (found !== undefined) return found;
  throw wrong(config, "doc_to_target", `the index of one of ${choices?.length ?? 0} choices`, String(index));
}
