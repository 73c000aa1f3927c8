import { PyDict } from "../../../jinja/values/values.ts";
import { suggestion } from "../../../recipe/nearest.ts";
import type { FindHelper } from "../../helpers/find-helper.ts";
import type { FewshotConfig, Row, TaskConfig } from "../../task-config.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, checkerOf, fail, given, list, mapping, oneOf, text } from "./checker.ts";
import { choices, field, helper, helperAt, noFunctions, template } from "./fields.ts";
import { fewshotKeys, samplers } from "./known.ts";

/** What shots take from the task where `fewshot_config` does not say another. */
type Inherited = Pick<
  TaskConfig,
  | "fewshot_split"
  | "process_docs"
  | "doc_to_text"
  | "doc_to_target"
  | "doc_to_choice"
  | "gen_prefix"
  | "fewshot_delimiter"
  | "target_delimiter"
>;

/** A key that is there and null takes the task's value away, as upstream. */
export function fewshotConfig(parent: Checker, task: Inherited, find: FindHelper): FewshotConfig {
  const config = mapping(parent, "fewshot_config") ?? new Map();
  const check = checkerOf(config, `${parent.at}fewshot_config.`, parent);
  for (const key of config.keys())
    if (!fewshotKeys.includes(key))
      fail(check, key, "a key of fewshot_config", key, suggestion(key, fewshotKeys));
  const own = <T>(key: string, read: () => T, inherited: T): T => (config.has(key) ? read() : inherited);
  const split = own("split", () => text(check, "split"), task.fewshot_split);
  const samples = samplesOf(check, find);
  if (split !== undefined && samples !== undefined)
    parent.warnings.push("fewshot_config: both a split and samples are there; shots come from the split");
  const indices = indicesOf(check);
  if (indices !== undefined)
    parent.warnings.push("fewshot_config.fewshot_indices: has no effect, as in lm-evaluation-harness 0.4.13");
  const delimiter = (key: "fewshot_delimiter" | "target_delimiter") => text(check, key) ?? "";
  const found = {
    split,
    samples,
    fewshot_indices: indices,
    process_docs: own("process_docs", () => helperAt(check, "process_docs", "rows", find), task.process_docs),
    doc_to_text: own(
      "doc_to_text",
      () => field(check, "doc_to_text", find, { number: true }),
      task.doc_to_text,
    ),
    doc_to_target: own(
      "doc_to_target",
      () => field(check, "doc_to_target", find, { number: true, list: true }),
      task.doc_to_target,
    ),
    doc_to_choice: own("doc_to_choice", () => choices(check, "doc_to_choice", find), task.doc_to_choice),
    gen_prefix: own("gen_prefix", () => prefix(check), task.gen_prefix),
  };
  return {
    sampler: samplerOf(check),
    ...defined(found),
    fewshot_delimiter: own("fewshot_delimiter", () => delimiter("fewshot_delimiter"), task.fewshot_delimiter),
    target_delimiter: own("target_delimiter", () => delimiter("target_delimiter"), task.target_delimiter),
  };
}

export function prefix(check: Checker): string | undefined {
  const source = text(check, "gen_prefix");
  return source === undefined ? undefined : template(check, "gen_prefix", source);
}

/** An object without the keys whose value is undefined. */
export function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function samplerOf(check: Checker): FewshotConfig["sampler"] {
  const value = given(check, "sampler");
  if (value instanceof FunctionReference) helper(check, "sampler", value, "rows", find404);
  else return oneOf(check, "sampler", samplers) ?? "default";
  return "default";
}

const find404: FindHelper = () => ({ refused: "which is Python: zebratune runs none" });

function samplesOf(check: Checker, find: FindHelper): Row[] | undefined {
  const value = given(check, "samples");
  if (value instanceof FunctionReference) {
    helper(check, "samples", value, "rows", find);
    return undefined;
  }
  return list(check, "samples")?.flatMap((sample, i) => {
    if (!(sample instanceof PyDict))
      return fail(check, `samples[${i}]`, "a mapping of columns", sample) ?? [];
    return noFunctions(check, `samples[${i}]`, sample) ?? [];
  });
}

function indicesOf(check: Checker): number[] | undefined {
  return list(check, "fewshot_indices")?.flatMap((index, i) =>
    typeof index === "number" ? index : (fail(check, `fewshot_indices[${i}]`, "a whole number", index) ?? []),
  );
}
