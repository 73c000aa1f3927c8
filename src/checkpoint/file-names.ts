/** Files of a Hugging Face model folder; those of its tokenizer are in tokenizer-file-names.ts. */
export const modelFile = {
  config: "config.json",
  weights: "model.safetensors",
  /** Which weights are in which shard, where they are in several files. */
  index: "model.safetensors.index.json",
} as const;

/** Files of a PEFT adapter's folder. */
export const adapterFile = {
  config: "adapter_config.json",
  weights: "adapter_model.safetensors",
} as const;
