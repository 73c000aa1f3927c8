// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { Benchmark } from "./benchmarks.ts";
import type { DataInput } from "./data.ts";
import type { FinetuneInput } from "./finetune.ts";
import type { MixInput } from "./mix.ts";

/**
 * One run from source texts to a report: which model, which data, how it is mixed and packed, how it is
 * tuned, how it is measured. Paths are relative to the folder the command runs in.
 */
export interface RecipeInput {
  /** Name of the run. Default: the recipe file's base name. */
  name: string;
  /**
   * Seeds what is drawn at random: built examples, the mix and its order, initial weights. Benchmarks ask the
   * same for every seed. Default: 42.
   */
  seed?: number | undefined;
  /** Folder of all artifacts. Default: runs/<name>. */
  output_dir?: string | undefined;
  /**
   * Where the weights come from: a checkpoint folder, or a config.json to initialise from scratch. Exactly
   * one of the two.
   */
  model: ModelInput;
  /** What is read, and which documents are held out. */
  data: DataInput;
  /** How examples become packs of tokens. */
  mix?: MixInput | undefined;
  /** How the weights are trained. */
  finetune?: FinetuneInput | undefined;
  /** What is measured, before and after. */
  eval?: EvalInput | undefined;
}

/**
 * Where the weights come from: a checkpoint folder, or a config.json to initialise from scratch. Exactly one
 * of the two.
 */
export interface ModelInput {
  /**
   * Checkpoint folder (config.json, model.safetensors, tokenizer.json) to start from, or a PEFT adapter's,
   * which is merged into its base.
   */
  checkpoint?: string | undefined;
  /** Model that the adapter in `checkpoint` belongs to, instead of what its adapter_config.json says. */
  base?: string | undefined;
  /** A config.json to initialise a new model from. Needs `tokenizer`. */
  config?: string | undefined;
  /** Folder that holds tokenizer.json. Only with `config`; a checkpoint brings its own. */
  tokenizer?: string | undefined;
  /**
   * Chat template in place of the tokenizer's own, for one without any: chatml, llama3, zebra, or the path of
   * a .jinja file. It is written into train/final.
   */
  chat_template?: string | undefined;
  /**
   * Turn the checkpoint into this layout first: layer i attends globally when i % group == 0, else in a
   * window. Needs `window`.
   */
  group?: number | undefined;
  /**
   * Keys that a query of a local layer sees, itself included (Hugging Face's sliding_window). Needs `group`.
   */
  window?: number | undefined;
}

/** What is measured, before and after. */
export interface EvalInput {
  /** Where it is computed. auto: a GPU that is faster than the CPU, else the CPU. Default: "auto". */
  device?: "auto" | "cpu" | "cuda" | "tfjs" | "webgpu" | undefined;
  /**
   * Entries of the benchmark catalog (src/eval/benchmarks) and test sets of your own, none twice. Empty: the
   * stage is left out.
   */
  benchmarks?: Benchmark[] | undefined;
  /**
   * Task files of lm-evaluation-harness: their paths, or names of tasks, groups and tags that ship or are
   * below eval.harness.include_path.
   */
  tasks?: readonly string[] | undefined;
  /** How task files are asked. */
  harness?:
    | {
        /** Folders with task files that are known by name, before those that ship. */
        include_path?: readonly string[] | undefined;
        /**
         * Copies of datasets on this machine, read instead of the Hub: `name=dir`, the name being that of a
         * task, group or dataset, or `dir` with several.
         */
        data?: readonly string[] | undefined;
        /** Examples in each prompt, but for tasks that say 0. null: as each task says. Default: null. */
        num_fewshot?: number | null | undefined;
        /** Seed of the draw of examples. Default: 1234. */
        fewshot_seed?: number | undefined;
        /** Only the first rows of each task; below 1 a share of them. null: all. Default: null. */
        limit?: number | null | undefined;
        /** So many rows of each task, chosen by the hash of what is in them. null: all. Default: null. */
        sample?: number | null | undefined;
        /** Prompts are conversations by the checkpoint's chat template. Default: false. */
        apply_chat_template?: boolean | undefined;
        /** In conversations, examples are turns of their own. Default: false. */
        fewshot_as_multiturn?: boolean | undefined;
        /** The system's message, before a task's description. */
        system_instruction?: string | undefined;
        /** Over generation_kwargs of the task files: { max_gen_toks: 64 }. */
        gen_kwargs?: Readonly<Record<string, string | number | boolean | readonly string[]>> | undefined;
      }
    | undefined;
  /**
   * What scores are held against: the same questions without their document (no_context) or with its
   * sentences shuffled (shuffled_context), which asks the model again; questions and documents that training
   * rows have as well (contamination). The commonest right answer (majority) and scores by the right choice's
   * place (position) ask nothing and are always there.
   */
  controls?:
    | readonly ("no_context" | "shuffled_context" | "majority" | "position" | "contamination")[]
    | undefined;
  /**
   * Datasets of the recipe, by name, whose held-out documents are asked about. null: all. With names the
   * questions stay the same when training data is added. Default: null.
   */
  datasets?: readonly string[] | null | undefined;
  /** Longest prompt with its answer, in tokens. Default: 4096. */
  max_seq_tokens?: number | undefined;
  /**
   * What of a document goes where the prompt is longer than that: its middle, start or end; or the row is
   * skipped, or the evaluation refused before anything is asked (error). Others' benchmarks and task files
   * cut as their own rules say. Default: "middle".
   */
  truncate?: "middle" | "start" | "end" | "skip" | "error" | undefined;
}
