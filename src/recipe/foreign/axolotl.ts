import {
  allModules,
  as,
  type ForeignKeys,
  flag,
  here,
  modules,
  none,
  number,
  share,
  words,
} from "./foreign-key.ts";
import { schedule } from "./transformers.ts";

const everyone = ["system", "user", "assistant", "tool"];
const tiles = "attention is computed in tiles of a few hundred tokens, never as a whole matrix";
const metrics = "every step is in train/metrics.jsonl, and report.html draws it; nothing is sent anywhere";
const inCheckpoint = "it is read from the checkpoint's folder";
const noPadding = "nothing is padded";
const perEpoch = "a number of steps is: finetune.validate_every_steps, finetune.checkpoint_every_steps";
const kept = "stages are kept under output_dir and run again when what they depend on changes";
const ownKernels = "the engine has its own kernels";

export const templates = words({ chatml: "chatml", llama3: "llama3" });

/** Keys of Axolotl's config. */
export const axolotlKeys: ForeignKeys = {
  base_model: here("model.checkpoint", "a local folder"),
  base_model_config: none(inCheckpoint),
  model_type: none(inCheckpoint),
  tokenizer_type: none(inCheckpoint),
  tokenizer_config: none(inCheckpoint),
  special_tokens: none(inCheckpoint),
  tokens: none(inCheckpoint),
  is_llama_derived_model: none(inCheckpoint),
  lora_model_dir: here("model.checkpoint", "an adapter's folder, merged into its base: model.base"),
  strict: none("every key of a recipe is checked"),
  datasets: here("data.datasets"),
  pretraining_dataset: here("data.datasets", "with mix.render: text and finetune.objective: pretrain"),
  test_datasets: none("an entry of data.datasets with split: validation is held out"),
  dataset_prepared_path: none(kept),
  push_dataset_to_hub: none("zebra data push RUN --repo OWNER/NAME, after the run"),
  dataset_processes: none("threads are chosen by the engine"),
  dataset_exact_deduplication: as("data.curate.exact_duplicates", flag(true, false)),
  shuffle_merged_datasets: none("mix.order: shuffled is the default"),
  val_set_size: as("data.split.validation", share, "a share of the documents"),
  sequence_len: here("mix.max_seq_tokens"),
  excess_length_strategy: as(
    "mix.over_length",
    words({ drop: "drop", raise: "error", truncate: "shorten_context" }),
  ),
  sample_packing: as("mix.packing", flag("best_fit", "none")),
  eval_sample_packing: none("validation is packed as mix.packing says"),
  pad_to_sequence_len: none(noPadding),
  curriculum_sampling: as("mix.order", flag("curriculum", "shuffled")),
  train_on_inputs: as("mix.train_on.roles", flag(everyone, ["assistant"])),
  roles_to_train: here("mix.train_on.roles"),
  train_on_eos: here("mix.train_on.eos"),
  chat_template: as(
    "model.chat_template",
    templates,
    "left out, the tokenizer's own is used; else chatml, llama3, zebra or a .jinja file",
  ),
  chat_template_jinja: here("model.chat_template", "the path of a .jinja file"),
  default_system_message: none("system messages are those of the rows"),
  adapter: as("finetune.method", words({ lora: "lora", qlora: "lora" }), "weights are not quantized"),
  qlora: as("finetune.method", flag("lora", "full"), "weights are not quantized"),
  lora_r: here("finetune.lora.r"),
  lora_alpha: here("finetune.lora.alpha"),
  lora_dropout: none("adapters have no dropout here"),
  lora_target_modules: as("finetune.lora.target_modules", modules),
  lora_target_linear: as("finetune.lora.target_modules", flag(allModules, undefined)),
  lora_modules_to_save: none("beside adapters nothing else is trained"),
  lora_fan_in_fan_out: none("linear layers have one form here"),
  lora_mlp_kernel: none(ownKernels),
  lora_qkv_kernel: none(ownKernels),
  lora_o_kernel: none(ownKernels),
  peft_use_rslora: none(
    "the adapters' product is scaled by alpha / r: set finetune.lora.alpha to alpha × √r",
  ),
  peft_use_dora: none("adapters are plain LoRA"),
  unfrozen_parameters: none("finetune.method is full (every weight) or lora"),
  micro_batch_size: here(
    "finetune.packs_per_step",
    "times gradient_accumulation_steps; a pack is max_seq_tokens long and holds several examples",
  ),
  eval_batch_size: none("validation takes a pack at a time, and the loss is the same"),
  num_epochs: as("finetune.epochs", number),
  lr_scheduler: as("finetune.lr_schedule", schedule),
  cosine_min_lr_ratio: as("finetune.min_lr_ratio", number),
  cosine_constant_lr_ratio: none("the cosine goes down to the last step"),
  evals_per_epoch: none(perEpoch),
  saves_per_epoch: none(perEpoch),
  eval_table_size: none("answers of every benchmark are under RUN/eval/samples"),
  auto_resume_from_checkpoints: none("the same command goes on from the newest checkpoint by itself"),
  flash_attention: none(tiles),
  flash_attn: none(tiles),
  xformers_attention: none(tiles),
  sdp_attention: none(tiles),
  flex_attention: none(tiles),
  s2_attention: none("Zebra's own layout is model.group and model.window"),
  wandb_project: none(metrics),
  wandb_entity: none(metrics),
  wandb_watch: none(metrics),
  wandb_name: none(metrics),
  wandb_run_id: none(metrics),
  wandb_log_model: none(metrics),
  mlflow_tracking_uri: none(metrics),
  mlflow_experiment_name: none(metrics),
  use_tensorboard: none(metrics),
  use_wandb: none(metrics),
  debug: none("zebra inspect shows examples as the model sees them"),
  plugins: none(ownKernels),
  rl: none("preference training is not done here, only learning from answers and from text"),
};

/** Keys of an entry of Axolotl's `datasets`. */
export const axolotlDatasetKeys: ForeignKeys = {
  type: as(
    "format",
    words({
      sharegpt: "sharegpt",
      alpaca: "alpaca",
      completion: "text",
      chat_template: "messages",
    }),
    "left out, it is told from the columns",
  ),
  ds_type: none("it is told from the file's ending"),
  name: here("config", "of a hub dataset"),
  field_messages: here("fields.messages"),
  message_field_role: here("fields.role"),
  message_field_content: here("fields.content"),
  message_property_mappings: none("fields.role and fields.content name the keys of a turn"),
  message_field_training: here("fields.train"),
  field_tools: here("fields.tools"),
  field_system: as("fields.system", (column) => `{{${String(column)}}}`),
  field_instruction: here("fields.instruction"),
  field_input: here("fields.input"),
  field_output: here("fields.output"),
  field: none("plain texts are read from the column text"),
  roles_to_train: here("mix.train_on.roles"),
  train_on_eos: here("mix.train_on.eos"),
  chat_template: as("model.chat_template", templates, "one for all datasets"),
  conversation: none("the chat template is the tokenizer's, or model.chat_template"),
  shards: none("limit takes so many examples, evenly over the source"),
};

export const axolotlDefaults: Readonly<Record<string, unknown>> = {
  sequence_len: 512,
  sample_packing: false,
  lr_scheduler: "cosine",
};
