import { PyDict, type Value } from "../../../jinja/values/values.ts";
import { suggestion } from "../../../recipe/nearest.ts";
import type { FindHelper } from "../../helpers/find-helper.ts";
import type { TaskConfig } from "../../task-config.ts";
import type { Config } from "../index/include.ts";
import { tagsOf } from "../index/task-index.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, checkerOf, count, fail, flag, given, mapping, oneOf, text } from "./checker.ts";
import { defined, fewshotConfig, prefix } from "./fewshot.ts";
import { choices, field, helperAt, noFunctions, template } from "./fields.ts";
import { filterList } from "./filters.ts";
import { generationOf } from "./generation.ts";
import { outputTypes, taskKeys } from "./known.ts";
import { metricList } from "./metrics.ts";

/** Keys that place a task among others and are no part of what it asks. */
const structural = new Set(["tag", "group", "task_list"]);

/**
 * A task of what its file says, or everything that is wrong with it, a line each, every one beginning with
 * its key.
 */
export function toTask(config: Config, file: string, find: FindHelper): TaskConfig | { problems: string[] } {
  const check = checkerOf(config);
  refuseUnusable(check);
  const splits = splitsOf(check);
  const output_type = oneOf(check, "output_type", outputTypes) ?? "generate_until";
  const fields = fieldsOf(check, output_type, find);
  const target_delimiter = delimiter(check, "target_delimiter", " ");
  const fewshot_delimiter = delimiter(check, "fewshot_delimiter", "\n\n");
  const inherited = { ...splits, ...fields, target_delimiter, fewshot_delimiter };
  const task: TaskConfig = {
    task: text(check, "task") ?? "",
    file,
    tags: tagsOf(config),
    ...defined({
      task_alias: text(check, "task_alias"),
      num_fewshot: count(check, "num_fewshot", 0),
      metric_list: metricList(check, given(check, "process_results") !== undefined, find),
      filter_list: filterList(check, find),
    }),
    ...data(check),
    ...inherited,
    description: description(check),
    fewshot_config: fewshotConfig(check, inherited, find),
    output_type,
    generation_kwargs: generationOf(check, output_type === "generate_until", fewshot_delimiter),
    repeats: count(check, "repeats", 1) ?? 1,
    should_decontaminate: flag(check, "should_decontaminate") ?? false,
    metadata: metadataOf(check),
    warnings: check.warnings,
  };
  return check.problems.length > 0 ? { problems: check.problems } : task;
}

/** What needs Python or what the toolkit does not have: all of it is found before a model runs. */
function refuseUnusable(check: Checker): void {
  for (const key of check.config.keys()) {
    if (key === "class") refusePython(check, key, "The task is a Python class");
    else if (key === "custom_dataset") refusePython(check, key, "Its rows are made by Python");
    else if (!structural.has(key) && !taskKeys.includes(key))
      fail(check, key, "a key of a task file", key, suggestion(key, taskKeys));
  }
  for (const key of ["doc_to_image", "doc_to_audio"])
    if (given(check, key) !== undefined)
      fail(check, key, "a task of text", given(check, key), "Images and sound are not read");
  if (given(check, "unsafe_code") !== undefined && given(check, "unsafe_code") !== false)
    fail(check, "unsafe_code", "a task that runs no code", given(check, "unsafe_code"));
  if (given(check, "use_prompt") !== undefined)
    fail(check, "use_prompt", "a prompt in the file", given(check, "use_prompt"), "promptsource is not read");
}

function refusePython(check: Checker, key: string, what: string): void {
  const value = given(check, key);
  if (value === undefined) return;
  const name = value instanceof FunctionReference ? `!function ${value.name}` : String(value);
  check.problems.push(`${key}: expected no Python, got ${name}. ${what}, and zebratune runs none`);
}

function fieldsOf(check: Checker, outputType: TaskConfig["output_type"], find: FindHelper) {
  // Without these keys the problem below would only say that they are left out.
  const isPython = given(check, "class") !== undefined;
  const need = (key: string, why: string) => {
    if (given(check, key) === undefined && !isPython)
      check.problems.push(`${key}: expected ${why}, got nothing`);
  };
  need("doc_to_text", "a column's name or a template for the prompt");
  need("doc_to_target", "a column's name or a template for the answer");
  if (outputType === "multiple_choice") need("doc_to_choice", "the choices");
  return defined({
    process_docs: helperAt(check, "process_docs", "rows", find),
    doc_to_text: field(check, "doc_to_text", find, { number: true }),
    doc_to_target: field(check, "doc_to_target", find, { number: true, list: true }),
    doc_to_choice: choices(check, "doc_to_choice", find),
    process_results: helperAt(check, "process_results", "results", find),
    gen_prefix: prefix(check),
  });
}

function splitsOf(check: Checker) {
  const splits = defined({
    training_split: text(check, "training_split"),
    validation_split: text(check, "validation_split"),
    test_split: text(check, "test_split"),
    fewshot_split: text(check, "fewshot_split"),
  });
  const has = (key: string) => given(check, key) !== undefined;
  if (!has("test_split") && !has("validation_split") && !has("class"))
    fail(check, "test_split", "test_split or validation_split: the rows to ask", undefined);
  return splits;
}

function data(check: Checker): Pick<TaskConfig, "dataset_path" | "dataset_name" | "dataset_kwargs"> {
  const path = text(check, "dataset_path");
  const isElsewhere = ["class", "custom_dataset"].some((key) => given(check, key) !== undefined);
  if ((given(check, "dataset_path") ?? "") === "" && !isElsewhere)
    fail(check, "dataset_path", "json, csv, parquet, text, a folder or a dataset of the Hub", path);
  const name = given(check, "dataset_name");
  const dataset_name = typeof name === "number" ? String(name) : text(check, "dataset_name");
  const kwargs = mapping(check, "dataset_kwargs") ?? new Map<string, Value>();
  for (const [key, value] of kwargs) noFunctions(check, `dataset_kwargs.${key}`, value);
  return {
    ...defined({ dataset_path: path, dataset_name }),
    // Upstream leaves it out as well: no code of a dataset runs.
    dataset_kwargs: Object.fromEntries([...kwargs].filter(([key]) => key !== "trust_remote_code")),
  };
}

function delimiter(check: Checker, key: string, usual: string): string {
  if (check.config.has(key) && given(check, key) === undefined) fail(check, key, "text", undefined);
  return text(check, key) ?? usual;
}

function description(check: Checker): string {
  const source = text(check, "description");
  return source === undefined ? "" : (template(check, "description", source) ?? "");
}

function metadataOf(check: Checker): Record<string, Value> {
  const value = given(check, "metadata");
  if (value === undefined) return {};
  noFunctions(check, "metadata", value);
  if (!(value instanceof PyDict)) return { _metadata: value };
  return Object.fromEntries(mapping(check, "metadata") ?? []);
}
