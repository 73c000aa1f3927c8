import { createHash } from "node:crypto";
import type { StopSignal } from "../../contracts/events.ts";
import { ConfigError, DataError } from "../../errors.ts";
import { tasksOf } from "../../harness/files/load-tasks.ts";
import { prepareMetrics } from "../../harness/metrics/prepare.ts";
import type { Figures } from "../../harness/metrics/task-figures.ts";
import { chooseRows } from "../../harness/requests/choose-rows.ts";
import { documentsOf } from "../../harness/requests/documents.ts";
import { readGeneration } from "../../harness/requests/generation.ts";
import { plainOf } from "../../harness/requests/plain.ts";
import type { Respondent } from "../../harness/respondent.ts";
import { loadRows } from "../../harness/rows/load-rows.ts";
import type { Member, Row, TaskConfig } from "../../harness/task-config.ts";
import type { Value } from "../../jinja/values/values.ts";
import { type AnswerCache, openAnswerCache } from "./answer-cache.ts";
import { type Asked, askTask } from "./ask-task.ts";
import type { PreparedTask } from "./prepared-task.ts";
import { groupResults } from "./results/group-results.ts";
import { rowMetrics, type TaskMetric } from "./results/row-scores.ts";
import { suspicions } from "./results/suspicions.ts";
import { controlDoubts, taskControls } from "./results/task-controls.ts";
import type { TaskResult, TaskResults, TaskSample } from "./results/task-results.ts";
import { kindOf, type RowScorer, rowScorer, type ScoredTask, scoreTask } from "./score-task.ts";

/** What the command or a recipe says over what task files say. */
export interface TaskSettings {
  /** In place of every task's own, but for tasks that say 0. */
  numFewshot?: number;
  fewshotSeed: number;
  /** As `--limit`: the first rows, from 1 a number, below 1 a share. */
  limit?: number;
  /** So many rows by the hash of what is in them. */
  sample?: number;
  /** Places of rows by task. */
  docIds?: Readonly<Record<string, readonly number[]>>;
  systemInstruction?: string;
  /** Prompts by the model's chat template. */
  chat?: { asMultiturn: boolean };
  /** Over `generation_kwargs` of task files. */
  genKwargs?: Readonly<Record<string, Value>>;
}

export interface EvaluationIo {
  settings: TaskSettings;
  /** Of reading the files. */
  warnings?: readonly string[];
  /** Where answers are kept. */
  cacheDir: string;
  stop: StopSignal;
  progress(task: string, done: number, total: number): void;
  /** Called when the rows of all tasks are read. */
  onPrepared?(tasks: readonly AskedTask[]): Promise<void>;
  /** Called when a row has all its answers, in the order in which they come. */
  onRow?(task: AskedTask, row: AnsweredRow): void;
  /** Called when a task has its figures. */
  onTask(result: TaskResult, samples: TaskSample[]): Promise<void>;
}

export interface AskedTask {
  name: string;
  rows: number;
  /** sha256 of every prompt in order. */
  promptsSha256: string;
}

/** A row with all its answers. */
export interface AnsweredRow {
  /** One for each filter. */
  samples: TaskSample[];
  /** The figures that it adds to. */
  metrics: readonly TaskMetric[];
  /** Its answers were in the cache. */
  isKnown: boolean;
}

interface Prepared {
  about: AskedTask;
  make(): Promise<PreparedTask>;
}

/** Rows whose prompts are held from the look at all tasks on; those of others are made anew. */
const mostHeld = 20_000;

/**
 * Makes the prompts of all tasks once, to see what is wrong with the files or their rows before any model is
 * asked; gives them task by task. Throws ConfigError and DataError.
 */
async function prepareTasks(
  respondent: Respondent,
  members: readonly Member[],
  settings: TaskSettings,
): Promise<Prepared[]> {
  const refused = members.flatMap(tasksOf).flatMap(({ task, file, output_type }) => {
    const problem = respondent.unableTo?.(output_type);
    return problem === undefined ? [] : [`${file}: ${task}: output_type: ${problem}`];
  });
  if (refused.length > 0) throw new ConfigError("tasks", refused);
  const prepared: Prepared[] = [];
  let held = 0;
  for (const config of new Set(members.flatMap(tasksOf))) {
    const make = () => prepare(respondent, withOverrides(config, settings), settings);
    const made = await make();
    held += made.made.documents.length;
    prepared.push({ about: aboutTask(made), make: held <= mostHeld ? async () => made : make });
  }
  return prepared;
}

/**
 * Asks a respondent everything that tasks and groups ask, and scores it as lm-evaluation-harness 0.4.13 does.
 * Answers that are in the cache are not asked for again, so that a run that was killed goes on. Throws
 * ConfigError, DataError, and Stopped when asked to stop.
 */
export async function evaluateTasks(
  respondent: Respondent,
  members: readonly Member[],
  { settings, warnings = [], cacheDir, stop, progress, onPrepared, onRow, onTask }: EvaluationIo,
): Promise<TaskResults> {
  const prepared = await prepareTasks(respondent, members, settings);
  await onPrepared?.(prepared.map(({ about }) => about));
  const results: TaskResults = {
    version: 1,
    follows: "lm_eval 0.4.13",
    settings: { ...settings },
    tasks: {},
    groups: {},
    warnings: [...warnings],
  };
  const raw = new Map<string, Figures>();
  await using cache: AnswerCache = await openAnswerCache(cacheDir, respondent.identity);
  for (const { about, make } of prepared) {
    const task = await make();
    const name = task.config.task;
    const scorer = rowScorer(task);
    const asked = await askTask(respondent, task.config, task.made.documents, task.generation, {
      cache,
      stop,
      progress: (done, total) => progress(name, done, total),
      onDocument: (document, answers, isKnown) =>
        onRow?.(about, { ...answeredRow(scorer, document, answers), isKnown }),
    });
    const scored = scoreTask(task, asked, scorer);
    raw.set(name, scored.raw);
    const result = resultOf(task, about.promptsSha256, asked, scored);
    results.tasks[name] = result;
    results.warnings.push(...result.warnings.map((warning) => `${name}: ${warning}`));
    await onTask(result, scored.samples);
  }
  for (const { group, warnings: own } of groupResults(members, results.tasks, raw)) {
    results.groups[group.group] = group;
    results.warnings.push(...own);
  }
  return results;
}

function withOverrides(config: TaskConfig, { genKwargs }: TaskSettings): TaskConfig {
  if (!genKwargs || config.output_type !== "generate_until") return config;
  return { ...config, generation_kwargs: { ...config.generation_kwargs, ...genKwargs } };
}

async function prepare(
  respondent: Respondent,
  config: TaskConfig,
  settings: TaskSettings,
): Promise<PreparedTask> {
  const { task, file } = config;
  const warnings = [...config.warnings];
  const problems: string[] = [];
  const generation = readGeneration(config.generation_kwargs, problems);
  if (config.output_type === "generate_until" && problems.length > 0)
    throw new DataError(problems.map((one) => `${file}: ${task}: generation_kwargs.${one}`).join("\n"));
  const { maxGenToks } = generation;
  if (config.output_type === "generate_until" && maxGenToks >= respondent.maxLength)
    throw new DataError(
      `${file}: ${task}: generation_kwargs.max_gen_toks: expected fewer than the ${respondent.maxLength} tokens ` +
        `that the model takes in all, got ${maxGenToks}`,
    );
  const ofMetrics = prepareMetrics(config).problems;
  if (ofMetrics.length > 0)
    throw new DataError(ofMetrics.map((one) => `${file}: ${task}: ${one}`).join("\n"));
  // A task that says 0 means it: the command does not change that.
  const own = config.num_fewshot;
  const numFewshot = own === 0 ? 0 : (settings.numFewshot ?? own ?? 0);
  if (own === 0 && (settings.numFewshot ?? 0) > 0)
    warnings.push("num_fewshot is 0 in the task's file, and stays so");
  const {
    rows,
    pool,
    original,
    revision,
    warnings: ofRows,
  } = await rowsFor(config, numFewshot > 0, settings);
  warnings.push(...ofRows);
  if (rows.length === 0) throw new DataError(`${file}: ${task}: expected rows to ask about, got none`);
  const { limit, sample, docIds, fewshotSeed, systemInstruction, chat } = settings;
  const chosen = chooseRows(rows, { limit, sample, docIds: docIds?.[task] });
  const made = documentsOf(
    config,
    { asked: chosen, first: rows[0]!, pool },
    {
      numFewshot,
      fewshotSeed,
      systemInstruction,
      chat: chat && { ...chat, render: (turns, isOpen) => respondent.renderChat(turns, isOpen) },
    },
  );
  return { config, generation, numFewshot, original, revision, made, warnings };
}

interface ReadRows {
  rows: Row[];
  /** Those that examples are drawn from. */
  pool: Row[];
  original: number;
  revision: string | undefined;
  warnings: string[];
}

/** The rows that may be asked about, and those that examples are drawn from. */
async function rowsFor(
  config: TaskConfig,
  hasShots: boolean,
  { limit, docIds }: TaskSettings,
): Promise<ReadRows> {
  const { task, file, process_docs, fewshot_config: shown } = config;
  const { training_split: training, validation_split: validation, test_split: test } = config;
  const split = test ?? validation;
  if (split === undefined)
    throw new DataError(`${file}: ${task}: expected test_split or validation_split, got neither`);
  // Rows beyond the first need not be held, where nothing else looks at them.
  const isHead = limit !== undefined && limit >= 1 && !process_docs && !docIds?.[task];
  const loaded = await loadRows(config, { hasShots, ...(isHead && { limit }) });
  const rowsOf = (name: string, process: TaskConfig["process_docs"]): Row[] => {
    const rows = loaded.rowsOf(name);
    return process ? process.ofRows(rows) : rows;
  };
  const rows = rowsOf(split, process_docs);
  const original = process_docs ? rows.length : loaded.totalOf(split);
  const read: ReadRows = { rows, pool: [], original, revision: loaded.revision, warnings: [] };
  if (!hasShots) return read;
  if (shown.split !== undefined) return { ...read, pool: rowsOf(shown.split, shown.process_docs) };
  if (shown.samples) return { ...read, pool: [...shown.samples] };
  const from = training ?? validation ?? test!;
  if (from !== split) return { ...read, pool: rowsOf(from, process_docs) };
  const warning =
    "examples are drawn from the rows that are asked about, as no fewshot_split is named: a prompt may show " +
    "the answer of another row that is asked";
  return { ...read, pool: rows, warnings: [warning] };
}

function aboutTask({ config, made: { documents } }: PreparedTask): AskedTask {
  const hash = createHash("sha256");
  for (const { arguments: all } of documents) hash.update(JSON.stringify(all));
  return { name: config.task, rows: documents.length, promptsSha256: hash.digest("hex") };
}

function answeredRow(
  { metrics, score }: RowScorer,
  document: number,
  answers: Asked[][],
): Pick<AnsweredRow, "samples" | "metrics"> {
  const rows = score(document, answers);
  const figures = rows.flatMap(({ sample: { filter }, items }) =>
    Object.keys(items).map((metric) => ({ metric, filter, ...kindOf(metrics, metric) })),
  );
  return { samples: rows.map(({ sample }) => sample), metrics: rowMetrics(figures) };
}

function resultOf(
  task: PreparedTask,
  promptsSha256: string,
  asked: readonly Asked[][][],
  scored: ScoredTask,
): TaskResult {
  const { config, numFewshot, original, made } = task;
  const { figures, samples, failed, warnings } = scored;
  const tokens = { prompt: 0, answer: 0, cutRows: 0, cut: 0 };
  for (const row of asked) {
    const all = row.flat().flatMap((answer) => ("error" in answer ? [] : [answer.tokens]));
    for (const { prompt, answer, cut } of all) {
      tokens.prompt += prompt;
      tokens.answer += answer;
      tokens.cut += cut;
    }
    if (all.some(({ cut }) => cut > 0)) tokens.cutRows++;
  }
  const controls = config.output_type === "multiple_choice" ? taskControls(samples) : undefined;
  const told = [
    ...task.warnings,
    ...warnings,
    ...suspicions(config, figures, samples),
    ...controlDoubts(controls, figures),
  ];
  const broken = samples.find(({ error }) => error !== undefined);
  if (broken)
    told.push(
      `${failed} of ${made.documents.length} rows failed and are in no figure; the first is row ` +
        `${broken.doc_id}: ${broken.error?.replace(`${config.file}: ${config.task}: `, "")}`,
    );
  if (tokens.cutRows > 0)
    told.push(
      `${tokens.cutRows} of ${made.documents.length} rows were longer than the model takes: the beginnings of ` +
        `their prompts were cut, ${tokens.cut} tokens in all`,
    );
  return {
    task: config.task,
    alias: config.task_alias ?? config.task,
    file: config.file,
    dataset: [config.dataset_path, config.dataset_name].filter((part) => part !== undefined).join(" "),
    output_type: config.output_type,
    version: plainOf(config.metadata.version ?? "Yaml"),
    num_fewshot: numFewshot,
    ...(task.revision !== undefined && { revision: task.revision }),
    n_samples: { original, effective: made.documents.length, failed },
    figures,
    tokens,
    ...(controls && { controls }),
    prompts_sha256: promptsSha256,
    warnings: told,
  };
}
