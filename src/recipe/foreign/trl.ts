import { as, type ForeignKeys, flag, here, modules, none } from "./foreign-key.ts";

const everyone = ["system", "user", "assistant", "tool"];
const isTrained = flag(["assistant"], everyone);
const quantized = "weights are float32 here; finetune.method: lora leaves them frozen";
const numberFormat =
  "weights are float32 whatever the checkpoint holds; finetune.save_dtype is for train/final";

/** Keys of TRL's SFTConfig, ModelConfig and script arguments, besides those of transformers. */
export const trlKeys: ForeignKeys = {
  model_name_or_path: here("model.checkpoint", "a local folder"),
  model_revision: none("a checkpoint is a local folder: hf download has --revision"),
  dtype: none(numberFormat),
  torch_dtype: none(numberFormat),
  tokenizer_name_or_path: here("model.tokenizer", "only with model.config; a checkpoint brings its own"),
  chat_template_path: here("model.chat_template"),
  dataset_name: here("data.datasets", "an entry of its own, - hub: OWNER/NAME or - path: FILE"),
  dataset_config: here("data.datasets", "config of the entry with hub"),
  dataset_train_split: here("data.datasets", "split of the entry with hub"),
  dataset_test_split: none("data.split holds documents out: validation for the loss, test for benchmarks"),
  dataset_streaming: none("rows are read one at a time"),
  dataset_text_field: none("plain texts are read from the column text; fields are for other rows"),
  dataset_num_proc: none("threads are chosen by the engine"),
  dataset_kwargs: none("rows are read by data.datasets"),
  max_length: here("mix.max_seq_tokens"),
  max_seq_length: here("mix.max_seq_tokens"),
  truncation_mode: none("only the document of a prompt is shortened: mix.over_length"),
  packing: as("mix.packing", flag("best_fit", "none")),
  packing_strategy: none("packs are filled by best fit; examples in one do not see each other"),
  eval_packing: none("validation is packed as mix.packing says"),
  padding_free: none("nothing is padded"),
  pad_to_multiple_of: none("nothing is padded"),
  pad_token: none("nothing is padded"),
  eos_token: none("it is read from the checkpoint and its chat template"),
  completion_only_loss: as("mix.train_on.roles", isTrained),
  assistant_only_loss: as("mix.train_on.roles", isTrained),
  loss_type: none("the loss is the plain cross-entropy; mix.loss_weights says which mean"),
  shuffle_dataset: none("mix.order: shuffled is the default"),
  activation_offloading: none("finetune.activation_checkpointing: layer needs little memory"),
  use_peft: as("finetune.method", flag("lora", "full")),
  lora_r: here("finetune.lora.r"),
  lora_alpha: here("finetune.lora.alpha"),
  lora_dropout: none("adapters have no dropout here"),
  lora_target_modules: as("finetune.lora.target_modules", modules),
  target_modules: as("finetune.lora.target_modules", modules),
  lora_modules_to_save: none("beside adapters nothing else is trained"),
  modules_to_save: none("beside adapters nothing else is trained"),
  lora_bias: none("adapters have no biases"),
  lora_task_type: none("models are causal language models"),
  task_type: none("models are causal language models"),
  use_rslora: none("the adapters' product is scaled by alpha / r: set finetune.lora.alpha to alpha × √r"),
  use_dora: none("adapters are plain LoRA"),
  bnb_4bit_quant_type: none(quantized),
  bnb_4bit_compute_dtype: none(quantized),
  use_bnb_nested_quant: none(quantized),
};

export const trlDefaults: Readonly<Record<string, unknown>> = {
  max_length: 1024,
  packing: false,
  gradient_checkpointing: true,
};

export const trlLoraDefaults: Readonly<Record<string, unknown>> = { lora_r: 16, lora_alpha: 32 };
