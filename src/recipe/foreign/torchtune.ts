import { as, type ForeignKeys, flag, here, none } from "./foreign-key.ts";

/** Keys of torchtune's configs, where they are no others' too. */
export const torchtuneKeys: ForeignKeys = {
  checkpointer: here("model.checkpoint", "a local folder"),
  tokenizer: none("a checkpoint brings its own; model.tokenizer is for model.config"),
  batch_size: here("finetune.packs_per_step", "times gradient_accumulation_steps"),
  train_batch_size: here("finetune.packs_per_step", "times gradient_accumulation_steps"),
  lr_scheduler: here("finetune.lr_schedule", "cosine, linear or constant"),
  num_warmup_steps: here("finetune.warmup_steps"),
  clip_grad_norm: here("finetune.max_grad_norm"),
  max_steps_per_epoch: here("finetune.max_steps"),
  enable_activation_checkpointing: as("finetune.activation_checkpointing", flag("layer", "none")),
  enable_activation_offloading: none("finetune.activation_checkpointing: layer needs little memory"),
  lora_attn_modules: here("finetune.lora.target_modules", "q_proj, k_proj, v_proj, o_proj …"),
  apply_lora_to_mlp: here("finetune.lora.target_modules", "gate_proj, up_proj, down_proj"),
  max_seq_len: here("mix.max_seq_tokens"),
  packed: as("mix.packing", flag("best_fit", "none")),
  shuffle: none("mix.order: shuffled is the default"),
  compile: none("programs are always compiled"),
  log_every_n_steps: none("every step is in train/metrics.jsonl"),
  metric_logger: none("every step is in train/metrics.jsonl, and report.html draws it"),
  profiler: none("zebra plan says what a run takes"),
};
