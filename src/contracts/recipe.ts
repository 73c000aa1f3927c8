import type { Role, Task } from "./example.ts";

/**
 * A recipe as it is after loading: every default filled in (from `schema/recipe.schema.json`), relative
 * paths still as written (they are resolved against the working directory).
 */
export interface Recipe {
  name: string;
  seed: number;
  /** Folder of all artifacts; default `runs/<name>`. */
  output_dir: string;
  model: ModelSpec;
  data: DataSpec;
  mix: MixSpec;
  finetune: FinetuneSpec;
  eval: EvalSpec;
}

export interface ModelSpec {
  /** A checkpoint folder to start from, or a PEFT adapter's … */
  checkpoint?: string;
  /** The model that the adapter belongs to, instead of what its adapter_config.json says. */
  base?: string;
  /** … or a config.json to initialise from scratch (with `tokenizer`, a folder that holds tokenizer.json). */
  config?: string;
  tokenizer?: string;
  /** Turn the checkpoint into this layout first: layer i is global when i % group == 0, else a window. */
  group?: number;
  /** Hugging Face's convention: a query sees `window` keys, itself included. */
  window?: number;
}

export interface DataSpec {
  datasets: DatasetSpec[];
  /** Refuses datasets of other licences before anything is built. */
  licenses?: { allow: string[] };
  /** Shares of the documents (not the examples) held out. The split of a document depends on its id only. */
  split: { validation: number; test: number };
  /** Absent: nothing is taken out. */
  curate?: CurateSpec;
}

/** What is taken out of the examples between their sources and the disk; each item is off unless asked for. */
export interface CurateSpec {
  /** What is replaced by a placeholder. */
  pii: ("mail" | "phone" | "key" | "ip")[];
  filters: FilterSpec[];
  decontaminate?: DecontaminateSpec;
  exact_duplicates: boolean;
  near_duplicates?: NearDuplicatesSpec;
}

export interface FilterSpec {
  /** An entry of src/datasets/curate/filters. */
  name: string;
  options?: Record<string, unknown>;
}

export interface DecontaminateSpec {
  /** A run of so many words that a benchmark has, too, drops an example. */
  ngram_words: number;
  /** Splits of the run's own sources that count as benchmarks. */
  splits: ("validation" | "test")[];
  /** Benchmark files or folders. */
  files: string[];
  /** Runs that more documents of the benchmarks have than this prove nothing. */
  max_documents: number;
  /** Share of a benchmark text's words that an example must have to be dropped; without it one run is enough. */
  match_threshold?: number;
}

/** MinHash-LSH; the names are datatrove's. */
export interface NearDuplicatesSpec {
  shingle: "words" | "chars";
  /** Words or characters of a shingle. */
  n_grams: number;
  num_buckets: number;
  hashes_per_bucket: number;
  /** Estimated Jaccard similarity from which an example goes. */
  jaccard_threshold: number;
  /** What is compared: see src/datasets/curate/compared.ts. */
  text: "conversation" | "document";
}

export interface DatasetSpec {
  /** Name in the outputs; default the catalog id or the file's base name. */
  name: string;
  /** An entry of the catalog, src/datasets/catalog/entries … */
  catalog?: string;
  /** … or local files: a file, or a folder read recursively … */
  path?: string;
  /** … or a dataset of the Hub, `owner/name`. */
  hub?: string;
  /** Branch, tag or commit on the Hub; what it stands for is kept as a commit. */
  revision?: string;
  /** Configuration of a Hub dataset, as its card names them. */
  config?: string;
  /** Files of a Hub dataset by glob, instead of what its card or their names say. */
  data_files?: string | string[];
  /** Split of a Hub dataset that is read. */
  split?: string;
  /** How rows of any columns become examples. */
  fields?: FieldsSpec;
  format?: "messages" | "sharegpt" | "prompt-completion" | "alpaca" | "text" | "markdown";
  /** Turns of one role in a row become one; else their row is dropped. */
  join_consecutive?: boolean;
  task?: Task;
  license?: string;
  /** Examples that are built of its documents. */
  build?: BuildSpec;
  /** At most so many examples, taken evenly over the source. */
  limit?: number;
  /** Builder settings of a catalog entry, or settings of the format of local files. */
  options?: Record<string, string | number | boolean>;
}

/**
 * Where in a row the parts of an example are; one of three forms. Values are columns or paths into them
 * (`answers.text.0`), but for `prompt`, `response` and `system`: text with `{{column}}` placeholders.
 */
export interface FieldsSpec {
  /** A conversation: the list … */
  messages?: string;
  /** … the keys inside each of its turns … */
  role?: string;
  content?: string;
  train?: string;
  /** … and the names that its roles have besides the usual ones: `{ assistant: [bot] }`. */
  roles?: Partial<Record<"system" | "user" | "assistant" | "tool", string[]>>;
  /** The tools that it may call: a list of functions, or JSON of one. */
  tools?: string;
  /** Alpaca's columns; `input` may be shortened. */
  instruction?: string;
  input?: string;
  output?: string;
  history?: string;
  /** Templates. */
  prompt?: string;
  response?: string;
  /** The column in `prompt` that is the document, which alone may be shortened. */
  context?: string;
  /** In any form. */
  system?: string;
  /** Right answers for benchmarks, a text or a list of texts. */
  answers?: string;
  id?: string;
  /** Rows of one document are never in two splits. */
  document?: string;
}

export interface BuildSpec {
  /** An entry of src/datasets/builders. */
  name: string;
  options?: Record<string, unknown>;
}

export interface MixSpec {
  /** Longest example and longest pack, in tokens. */
  max_seq_tokens: number;
  /** `chat`: through the tokenizer's chat template, loss on the answers. `text`: plain document, loss on everything. */
  render: "chat" | "text";
  /** What of a conversation is under loss; a message's own `train` goes before it. */
  train_on: {
    roles: readonly Role[];
    /** `last`: only the last message of these roles. */
    turns: "all" | "last";
    /** End tokens: of every turn, of the trained ones, of the last trained one, or none. */
    eos: "all" | "turn" | "last" | "none";
  };
  over_length: "shorten_context" | "drop" | "split" | "error";
  packing: "best_fit" | "none";
  /** Relative share of the token budget by dataset name; datasets not named have weight 1. */
  weights: Record<string, number>;
  /** The same by task; tasks not named have weight 1. Empty: as they come. */
  task_weights: Partial<Record<Task, number>>;
  /** Weights are multiplied with size^(1/T) of their dataset. Null: sizes do not count. */
  temperature: number | null;
  /** Share of the tokens in sequences of at least `long_tokens`. Null: as they come. */
  long_fraction: number | null;
  long_tokens: number;
  /** Bounds, ascending, of the lengths that are counted apart. */
  length_buckets: number[];
  /** Tokens of the training mix; 0: all of every dataset once (weights then only subsample). */
  budget_tokens: number;
  /** The same in tokens under loss, instead of `budget_tokens`. */
  budget_supervised_tokens: number;
  /** No example is repeated more often than this to fill a budget. */
  max_epochs: number;
  /** At most so many tokens of validation packs, spread evenly over the held-out examples; 0: all. */
  validation_tokens: number;
  loss_weights: "token" | "sequence" | "source";
  /** Of the packs in training: random in each epoch, the largest first, or short ones first. */
  order: "shuffled" | "longest_first" | "curriculum";
}

export interface LoraSpec {
  r: number;
  alpha: number;
  target_modules: string[];
}

/** `auto`: a GPU that is faster than the CPU, else the CPU. */
export type DeviceSpec = "auto" | "cpu" | "cuda" | "tfjs" | "webgpu";

export interface FinetuneSpec {
  objective: "instruct" | "lcat" | "pretrain";
  method: "full" | "lora";
  lora: LoraSpec;
  device: DeviceSpec;
  /** Of matrix products; weights, gradients and the optimizer's state are float32. */
  compute_dtype: "float32" | "float16";
  lr: number;
  lr_schedule: "cosine" | "linear" | "constant";
  /** The schedule ends at lr · min_lr_ratio. */
  min_lr_ratio: number;
  warmup_steps: number;
  /** An entry of src/finetune/optimizers. */
  optimizer: string;
  /** Its settings, those of AdamW apart: they are the three keys after `weight_decay`. */
  optimizer_options: Record<string, unknown>;
  /** Of matrices, by lr · weight_decay in each step; norms do not decay. */
  weight_decay: number;
  adam_beta1: number;
  adam_beta2: number;
  adam_eps: number;
  max_grad_norm: number;
  epochs: number;
  /** 0: as many as the epochs give. */
  max_steps: number;
  /** Packs whose gradients are added before one optimizer step (gradient accumulation). */
  packs_per_step: number;
  /** `layer`: keep each layer's input, and what attention made in global layers, and compute the rest again. */
  activation_checkpointing: "none" | "layer";
  validate_every_steps: number;
  checkpoint_every_steps: number;
  keep_checkpoints: number;
  /** Number format of `train/final`; checkpoints to resume from are always float32. */
  save_dtype: "float32" | "float16" | "bfloat16";
}

export interface EvalSpec {
  device: DeviceSpec;
  benchmarks: BenchmarkSpec[];
  max_seq_tokens: number;
}

export interface BenchmarkSpec {
  /** An entry of src/eval/benchmarks. */
  name: string;
  limit?: number;
  options?: Record<string, string | number | boolean | number[]>;
}
