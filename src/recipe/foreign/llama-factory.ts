import { as, type ForeignKeys, flag, here, modules, none, share, words } from "./foreign-key.ts";

const everyone = ["system", "user", "assistant", "tool"];
const tiles = "attention is computed in tiles of a few hundred tokens, never as a whole matrix";
const quantized = "weights are float32 here; finetune.method: lora leaves them frozen";
const weights = "relative shares by the datasets' names";
const threads = "threads are chosen by the engine";
const kept = "stages are kept under output_dir and run again when what they depend on changes";
const plainLora = "adapters are plain LoRA";
const textOnly = "models read text only";

/** Keys of LLaMA-Factory's config, besides those of transformers. */
export const llamaFactoryKeys: ForeignKeys = {
  model_name_or_path: here("model.checkpoint", "a local folder"),
  adapter_name_or_path: here("model.checkpoint", "an adapter's folder, merged into its base: model.base"),
  stage: as(
    "finetune.objective",
    words({ sft: "instruct", pt: "pretrain" }),
    "instruct, lcat or pretrain; preference training is not done here",
  ),
  finetuning_type: as("finetune.method", words({ lora: "lora", full: "full" })),
  freeze_trainable_layers: none("finetune.method is full (every weight) or lora"),
  lora_rank: here("finetune.lora.r"),
  lora_alpha: here("finetune.lora.alpha"),
  lora_dropout: none("adapters have no dropout here"),
  lora_target: as("finetune.lora.target_modules", modules),
  additional_target: none("beside adapters nothing else is trained"),
  loraplus_lr_ratio: none("both matrices of an adapter have the same learning rate"),
  use_rslora: none("the adapters' product is scaled by alpha / r: set finetune.lora.alpha to alpha × √r"),
  use_dora: none(plainLora),
  pissa_init: none(plainLora),
  use_galore: none("optimizers are adamw and lion"),
  use_badam: none("optimizers are adamw and lion"),
  dataset: here("data.datasets", "an entry each, - path: FILE or - hub: OWNER/NAME"),
  eval_dataset: none("an entry of data.datasets with split: validation is held out"),
  dataset_dir: none("paths of data.datasets are relative to the folder the command runs in"),
  media_dir: none(textOnly),
  image_max_pixels: none(textOnly),
  video_max_pixels: none(textOnly),
  template: as(
    "model.chat_template",
    words({ chatml: "chatml", llama3: "llama3" }),
    "left out, the tokenizer's own is used; else chatml, llama3, zebra or a .jinja file",
  ),
  tool_format: none("tools are written by the chat template"),
  enable_thinking: none("mix.train_on.thoughts says whether thoughts are under loss"),
  cutoff_len: here("mix.max_seq_tokens"),
  max_samples: here("data.datasets", "limit of each entry"),
  val_size: as("data.split.validation", share, "a share of the documents"),
  packing: as("mix.packing", flag("best_fit", "none")),
  neat_packing: as("mix.packing", flag("best_fit", undefined), "examples in a pack do not see each other"),
  train_on_prompt: as("mix.train_on.roles", flag(everyone, ["assistant"])),
  mask_history: as("mix.train_on.turns", flag("last", "all")),
  mix_strategy: here("mix.weights", weights),
  interleave_probs: here("mix.weights", weights),
  streaming: none("rows are read one at a time"),
  buffer_size: none("rows are read one at a time"),
  overwrite_cache: none(kept),
  tokenized_path: none(kept),
  preprocessing_num_workers: none(threads),
  preprocessing_batch_size: none(threads),
  plot_loss: none("report.html has the loss"),
  flash_attn: none(tiles),
  shift_attn: none("Zebra's own layout is model.group and model.window"),
  quantization_bit: none(quantized),
  quantization_method: none(quantized),
  double_quantization: none(quantized),
  use_unsloth: none("the engine has its own kernels"),
  enable_liger_kernel: none("the engine has its own kernels"),
  include_num_input_tokens_seen: none("metrics.jsonl counts tokens, and those under loss"),
  use_swanlab: none("every step is in train/metrics.jsonl; nothing is sent anywhere"),
};

/** Keys of an entry of LLaMA-Factory's dataset_info.json. */
export const llamaFactoryDatasetKeys: ForeignKeys = {
  file_name: here("path"),
  hf_hub_url: here("hub"),
  subset: here("config", "of a hub dataset"),
  formatting: as("format", words({ alpaca: "alpaca", sharegpt: "sharegpt" })),
  columns: none("fields name columns: instruction, input, output or messages"),
  tags: none("fields name keys of a turn: role, content, roles"),
  num_samples: here("limit"),
};

export const llamaFactoryDefaults: Readonly<Record<string, unknown>> = {
  cutoff_len: 2048,
  packing: false,
  learning_rate: 5e-5,
};
