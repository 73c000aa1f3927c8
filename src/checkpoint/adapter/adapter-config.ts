import { throwProblems } from "../problems.ts";

/** The settings of a PEFT adapter_config.json that matter once the adapter is trained. */
export interface AdapterConfig {
  /** Rank of every adapted module. */
  r: number;
  /** `lora_alpha`. */
  alpha: number;
  /** Divides alpha by √r instead of r (arXiv 2312.03732). */
  useRslora: boolean;
  /**
   * As in the file: names of modules or ends of their paths; null where it is a pattern, which only PEFT
   * expands.
   */
  targetModules: string[] | null;
  /** `base_model_name_or_path`: where the base model is. */
  baseModel: string | null;
}

/** Keys that are read below, and those that do not change what a trained adapter computes. */
const harmless = new Set([
  "alora_invocation_string",
  "auto_mapping",
  "base_model_name_or_path",
  "bias",
  "exclude_modules",
  "inference_mode",
  "init_lora_weights",
  "layers_pattern",
  "lora_alpha",
  "lora_dropout",
  "megatron_core",
  "peft_type",
  "peft_version",
  "qalora_group_size",
  "r",
  "revision",
  "runtime_config",
  "target_modules",
  "task_type",
  "use_rslora",
]);

/**
 * Initial adapters that leave the base model as it was; others (PiSSA, OLoRA, LoftQ …) change its weights.
 */
const plainStarts: readonly unknown[] = [undefined, null, true, false, "gaussian", "eva", "orthogonal"];

/**
 * Parses an adapter_config.json of PEFT (https://github.com/huggingface/peft, `LoraConfig`). A setting that
 * is not known here and is on (DoRA, ranks by module, saved modules, or what PEFT adds later) is refused by
 * its name. Throws CheckpointError with every problem.
 */
export function parseAdapterConfig(json: Readonly<Record<string, unknown>>, path: string): AdapterConfig {
  const problems: string[] = [];
  const refuse = (key: string, expected: string) => {
    problems.push(`${key}: expected ${expected}, got ${JSON.stringify(json[key]) ?? "nothing"}`);
  };
  if (json.peft_type !== "LORA") refuse("peft_type", '"LORA"');
  if ((json.task_type ?? "CAUSAL_LM") !== "CAUSAL_LM") refuse("task_type", '"CAUSAL_LM"');
  if ((json.bias ?? "none") !== "none") refuse("bias", '"none"');
  if (!plainStarts.includes(json.init_lora_weights)) {
    refuse("init_lora_weights", "a start that leaves the base model as it is");
  }
  const { r, lora_alpha: alpha, target_modules: targets, base_model_name_or_path: base } = json;
  if (!Number.isSafeInteger(r) || (r as number) < 1) refuse("r", "a whole number from 1");
  if (typeof alpha !== "number" || !Number.isFinite(alpha)) refuse("lora_alpha", "a number");
  if (typeof (json.use_rslora ?? false) !== "boolean") refuse("use_rslora", "true or false");
  const isList = Array.isArray(targets) && targets.every((target) => typeof target === "string");
  if (!isList && typeof targets !== "string") refuse("target_modules", "a list of names, or a pattern");
  if (typeof (base ?? "") !== "string") refuse("base_model_name_or_path", "a path or null");
  for (const [key, value] of Object.entries(json)) {
    if (!harmless.has(key) && isOn(value)) refuse(key, "nothing (this setting is not supported)");
  }
  throwProblems(
    path,
    problems,
    "Only plain LoRA adapters are read: merge this one with the tool that made it.",
  );
  return {
    r: r as number,
    alpha: alpha as number,
    useRslora: json.use_rslora === true,
    targetModules: isList ? (targets as string[]) : null,
    baseModel: (base ?? null) as string | null,
  };
}

/** The adapter_config.json that PEFT reads. */
export function formatAdapterConfig(config: AdapterConfig & { targetModules: string[] }): object {
  return {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: config.baseModel,
    revision: null,
    inference_mode: true,
    r: config.r,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    use_rslora: config.useRslora,
    use_dora: false,
    bias: "none",
    fan_in_fan_out: false,
    init_lora_weights: true,
    target_modules: config.targetModules,
    modules_to_save: null,
    layers_to_transform: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
}

/** The factor of B·A. */
export function adapterScale({ r, alpha, useRslora }: AdapterConfig): number {
  return alpha / (useRslora ? Math.sqrt(r) : r);
}

/** Whether a setting is on: null, false, 0, "" and empty lists and objects are not. */
function isOn(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
