import { as, type ForeignKeys, flag, here, none, number, steps, words } from "./foreign-key.ts";

const oneDevice = "a run is one process on one device";
const tiles = "attention is computed in tiles of a few hundred tokens, never as a whole matrix";
const metrics = "every step is in train/metrics.jsonl, and report.html draws it; nothing is sent anywhere";
const ownKernels = "the engine has its own kernels";
const lossFirst = "validation is measured every validate_every_steps, and the last step is kept";
const afterwards = "nothing is uploaded by a run: afterwards, hf upload OWNER/NAME RUN/train/final";
const again = "the same command goes on from the newest checkpoint by itself";
const threads = "threads are chosen by the engine";

const optimizers = words({
  adamw: "adamw",
  adamw_torch: "adamw",
  adamw_torch_fused: "adamw",
  adamw_hf: "adamw",
  adamw_8bit: "adamw",
  adamw_bnb_8bit: "adamw",
  paged_adamw_8bit: "adamw",
  paged_adamw_32bit: "adamw",
  lion: "lion",
  lion_32bit: "lion",
  lion_8bit: "lion",
  paged_lion_8bit: "lion",
  paged_lion_32bit: "lion",
});

export const schedule = words({
  cosine: "cosine",
  cosine_with_min_lr: "cosine",
  linear: "linear",
  constant: "constant",
  constant_with_warmup: "constant",
});

/** Keys of transformers' TrainingArguments, which TRL and LLaMA-Factory take and Axolotl partly. */
export const transformersKeys: ForeignKeys = {
  learning_rate: as("finetune.lr", number),
  num_train_epochs: as("finetune.epochs", number),
  max_steps: as("finetune.max_steps", (value) => (value === -1 ? 0 : steps(value))),
  per_device_train_batch_size: here(
    "finetune.packs_per_step",
    "times gradient_accumulation_steps; a pack is max_seq_tokens long and holds several examples",
  ),
  gradient_accumulation_steps: here(
    "finetune.packs_per_step",
    "times per_device_train_batch_size or micro_batch_size, if you set one",
  ),
  per_device_eval_batch_size: none("validation takes a pack at a time, and the loss is the same"),
  lr_scheduler_type: as("finetune.lr_schedule", schedule),
  lr_scheduler_kwargs: none("the schedule ends at lr × finetune.min_lr_ratio"),
  warmup_steps: as("finetune.warmup_steps", steps),
  warmup_ratio: as(
    "finetune.warmup_steps",
    () => undefined,
    "a number of steps: the ratio times the steps that zebra plan names",
  ),
  optim: as("finetune.optimizer", optimizers, "its moments are float32"),
  weight_decay: as("finetune.weight_decay", number),
  adam_beta1: as("finetune.adam_beta1", number),
  adam_beta2: as("finetune.adam_beta2", number),
  adam_epsilon: as("finetune.adam_eps", number),
  max_grad_norm: as("finetune.max_grad_norm", number),
  seed: here("seed"),
  data_seed: here("seed", "one seed for all that is drawn"),
  output_dir: here("output_dir"),
  run_name: here("name"),
  logging_steps: none(metrics),
  logging_strategy: none(metrics),
  logging_dir: none(metrics),
  logging_first_step: none(metrics),
  report_to: none(metrics),
  eval_steps: as("finetune.validate_every_steps", steps, "a number of steps, not a share of them"),
  eval_strategy: none("steps from one validation to the next are finetune.validate_every_steps"),
  evaluation_strategy: none("steps from one validation to the next are finetune.validate_every_steps"),
  save_steps: as("finetune.checkpoint_every_steps", steps, "a number of steps, not a share of them"),
  save_strategy: none("steps from one checkpoint to the next are finetune.checkpoint_every_steps"),
  save_total_limit: here("finetune.keep_checkpoints"),
  save_only_model: none("train/final is the model alone; checkpoints to resume from are kept beside it"),
  save_safetensors: none("checkpoints are always safetensors"),
  load_best_model_at_end: none(lossFirst),
  metric_for_best_model: none(lossFirst),
  greater_is_better: none(lossFirst),
  early_stopping_patience: none(lossFirst),
  resume_from_checkpoint: none(again),
  overwrite_output_dir: none("a stage whose inputs changed is run again, one whose did not is kept"),
  do_train: none("zebra run trains; zebra eval RECIPE --checkpoint DIR only evaluates"),
  do_eval: none("zebra run evaluates by eval.benchmarks, before and after"),
  do_predict: none("answers of every benchmark are under RUN/eval/samples"),
  bf16: none(
    "weights and gradients are float32; finetune.save_dtype: bfloat16 writes train/final so, and " +
      "finetune.compute_dtype: float16 is faster on a GPU",
  ),
  fp16: as("finetune.compute_dtype", flag("float16", "float32")),
  tf32: none("finetune.compute_dtype: float16 is what is faster on a GPU"),
  gradient_checkpointing: as("finetune.activation_checkpointing", flag("layer", "none")),
  gradient_checkpointing_kwargs: none("finetune.activation_checkpointing is none or layer"),
  neftune_noise_alpha: none("no noise is added to embeddings"),
  label_smoothing_factor: none("the loss is the plain cross-entropy"),
  group_by_length: none("packs are filled by best fit, so nothing is lost to padding"),
  auto_find_batch_size: none("zebra plan says what a run needs before it starts"),
  torch_compile: none("programs are always compiled"),
  torch_empty_cache_steps: none("memory is taken once and used again"),
  use_liger_kernel: none(ownKernels),
  deepspeed: none(oneDevice),
  fsdp: none(oneDevice),
  fsdp_config: none(oneDevice),
  accelerator_config: none(oneDevice),
  local_rank: none(oneDevice),
  ddp_timeout: none(oneDevice),
  ddp_find_unused_parameters: none(oneDevice),
  dataloader_num_workers: none(threads),
  dataloader_pin_memory: none(threads),
  remove_unused_columns: none("columns that nothing reads are told and left"),
  push_to_hub: none(afterwards),
  hub_model_id: none(afterwards),
  hub_strategy: none(afterwards),
  hub_token: none("HF_TOKEN is read from the environment, and never written down"),
  trust_remote_code: none("no code of checkpoints or datasets is run"),
  attn_implementation: none(tiles),
  load_in_4bit: none("weights are float32 here; finetune.method: lora leaves them frozen"),
  load_in_8bit: none("weights are float32 here; finetune.method: lora leaves them frozen"),
  rope_scaling: none("it is read from the checkpoint's config.json; finetune.objective: lcat adapts to more"),
};

/** What their trainers do where a config says nothing and a recipe's default is another. */
export const transformersDefaults: Readonly<Record<string, unknown>> = {
  num_train_epochs: 3,
  lr_scheduler_type: "linear",
  warmup_steps: 0,
  adam_beta2: 0.999,
  per_device_train_batch_size: 8,
};
