import { basename } from "node:path";
import { type ForeignTool, type ForeignToolName, foreignTools } from "../foreign/index.ts";
import { trlLoraDefaults } from "../foreign/trl.ts";
import { datasetKeys, datasetsOf, hasValue } from "./datasets.ts";
import type { Fields, Left } from "./parts.ts";

/** A value of the recipe, and what it comes from. */
export interface Taken {
  path: string;
  value: unknown;
  from: string;
}

export interface Converted {
  tool: ForeignToolName;
  taken: Taken[];
  datasets: Fields[];
  left: Left[];
}

/**
 * A config of another tool as the parts of a recipe. Where it leaves to its tool's default what a recipe does
 * otherwise, that default is written out. `info`: LLaMA-Factory's dataset_info.json.
 */
export function convertConfig(tool: ForeignToolName, given: Fields, info: Fields = {}): Converted {
  const known: ForeignTool = foreignTools[tool];
  const left: Left[] = [];
  const sources = datasetsOf[tool](given, left, info);
  const isText = sources.length > 0 && sources.every((source) => source.isText);
  if (!isText && sources.some((source) => source.isText))
    left.push({ key: "datasets of plain text", why: "mix.render is one for all: chat or text" });
  const taken = new Map<string, Taken>();
  const take = (path: string, value: unknown, from: string) => taken.set(path, { path, value, from });

  const model = given.base_model ?? given.model_name_or_path;
  const local = localModel(hasValue(model) ? String(model) : "checkpoints/my-model");
  take("model.checkpoint", local.path, local.note);
  const isLora = hasValue(given.adapter) || given.use_peft === true || given.finetuning_type === "lora";
  if (isLora) take("finetune.method", "lora", "adapters");
  if (tool === "llama-factory" && given.finetuning_type === undefined)
    take("finetune.method", "lora", "LLaMA-Factory's default");
  take("mix.render", isText ? "text" : "chat", isText ? "plain documents" : "conversations");
  take("finetune.objective", isText ? "pretrain" : "instruct", "what the datasets are");

  const loraDefaults = tool === "trl" && isLora ? trlLoraDefaults : {};
  const defaults = { ...known.defaults, ...loraDefaults };
  const handled = new Set([
    "base_model",
    "model_name_or_path",
    "stage",
    "adapter",
    "do_train",
    ...datasetKeys[tool],
  ]);
  for (const key of batchKeys) handled.add(key);
  for (const [key, value] of Object.entries({ ...defaults, ...given })) {
    if (handled.has(key)) continue;
    const from = Object.hasOwn(given, key) ? key : `${key}, ${known.title}'s default`;
    const isShadowed = !Object.hasOwn(given, key) && isSetBy(known, given, key);
    if (hasValue(value) && !isShadowed) takeKey(known, key, value, from, take, left, given);
  }
  if (tool === "llama-factory" && hasValue(given.lora_rank) && !hasValue(given.lora_alpha))
    take("finetune.lora.alpha", 2 * Number(given.lora_rank), "twice lora_rank, LLaMA-Factory's default");
  const steps = Number(given.max_steps);
  if (hasValue(given.warmup_ratio) && steps > 0) {
    take("finetune.warmup_steps", Math.round(Number(given.warmup_ratio) * steps), "warmup_ratio × max_steps");
  } else if (Number(given.warmup_ratio) > 0) {
    const why =
      "steps are known when there are packs: set finetune.warmup_steps, zebra plan says how many there are";
    left.push({ key: `warmup_ratio: ${String(given.warmup_ratio)}`, why });
    taken.delete("finetune.warmup_steps");
  }
  if (!hasValue(given.cosine_min_lr_ratio)) take("finetune.min_lr_ratio", 0, `${known.title} ends at 0`);
  const { packs, from } = packsPerStep(given, defaults);
  take("finetune.packs_per_step", packs, from);
  if (given.adapter === "qlora" || given.load_in_4bit === true)
    left.push({ key: "4-bit weights", why: "weights are float32 here; adapters beside them are trained" });
  if (["dpo", "kto", "ppo", "rm", "orpo"].includes(String(given.stage)))
    left.push({ key: `stage: ${String(given.stage)}`, why: "preference training is not done here" });
  if (given.load_in_4bit === true) remove(left, "load_in_4bit: true");
  return { tool, taken: [...taken.values()], datasets: sources.map(({ entry }) => entry), left };
}

function takeKey(
  { keys }: ForeignTool,
  key: string,
  value: unknown,
  from: string,
  take: (path: string, value: unknown, from: string) => void,
  left: Left[],
  given: Fields,
): void {
  const entry = Object.hasOwn(keys, key) ? keys[key] : undefined;
  const shown = `${key}: ${JSON.stringify(value)}`;
  if (entry === undefined) {
    left.push({ key: shown, why: "not known to this import" });
  } else if ("none" in entry) {
    // What is off asks for nothing.
    if (value !== false && value !== "none" && value !== "no") left.push({ key: shown, why: entry.none });
  } else if (key !== "warmup_ratio") {
    const converted = entry.as === undefined ? value : entry.as(value);
    const isCut = key === "max_grad_norm" && Number(value) < 0;
    if (converted === undefined || isCut || entry.here === "data.datasets") {
      const why = entry.note ?? `${entry.here} cannot say it`;
      if (value !== false && given[key] !== undefined) left.push({ key: shown, why });
    } else take(entry.here, converted, from);
  }
}

const batchKeys = ["micro_batch_size", "per_device_train_batch_size", "gradient_accumulation_steps"];

function packsPerStep(given: Fields, defaults: Fields): { packs: number; from: string } {
  const all = { ...defaults, ...given };
  const batch = Number(given.micro_batch_size ?? all.per_device_train_batch_size ?? 1) || 1;
  const accumulated = Number(given.gradient_accumulation_steps ?? 1) || 1;
  return {
    packs: batch * accumulated,
    from: `batches of ${batch} × ${accumulated} accumulated, on one device`,
  };
}

/** Whether a config says by another of its keys what the default of `key` would. */
function isSetBy({ keys }: ForeignTool, given: Fields, key: string): boolean {
  const place = (name: string) => {
    const entry = Object.hasOwn(keys, name) ? keys[name] : undefined;
    return entry !== undefined && "here" in entry ? entry.here : undefined;
  };
  return Object.keys(given).some((name) => hasValue(given[name]) && place(name) === place(key));
}

/** Where a model will be on this machine. */
function localModel(name: string): { path: string; note: string } {
  const isHub =
    /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(name) && !/^(checkpoints|models|runs)\//.test(name);
  if (!isHub) return { path: name, note: "the model's folder" };
  const path = `checkpoints/${basename(name)}`;
  return { path, note: `get it: hf download ${name} --local-dir ${path}` };
}

function remove(left: Left[], key: string): void {
  const at = left.findIndex((entry) => entry.key === key);
  if (at >= 0) left.splice(at, 1);
}
