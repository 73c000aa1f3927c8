// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { FieldsInput } from "./data.ts";

/** Options of context-gain. */
export interface ContextGainBenchmarkOptions {
  /**
   * Tokens before the predicted ones. Those for which `eval.max_seq_tokens` or all documents are too short
   * are left out and counted. Default: [256,512,1024,2048,4096].
   */
  contexts?: readonly number[] | undefined;
  /** How many tokens of each document are predicted. Default: 256. */
  targets?: number | undefined;
}

/** Options of long-probe. */
export interface LongProbeBenchmarkOptions {
  /**
   * Tokens of the prompt with room for the answer, to 128k and more; those over `eval.max_seq_tokens`, and
   * too short ones for a task, are left out and counted. Default: [512,1024,2048,4096].
   */
  lengths?: readonly number[] | undefined;
  /** Which of the thirteen, by RULER's names. Default: all. */
  tasks?:
    | readonly (
        | "niah_single_1"
        | "niah_single_2"
        | "niah_single_3"
        | "niah_multikey_1"
        | "niah_multikey_2"
        | "niah_multikey_3"
        | "niah_multivalue"
        | "niah_multiquery"
        | "vt"
        | "cwe"
        | "fwe"
        | "qa_1"
        | "qa_2"
      )[]
    | undefined;
  /** Questions of each task and length. Default: 5. */
  samples?: number | undefined;
  /**
   * In percent of the text, where one answer is hidden; the samples of a task take turns. Default:
   * [0,25,50,75,100].
   */
  depths?: readonly number[] | undefined;
  /**
   * The checkpoint's chat template, or plain text. `auto`: a template where there is one. Default: "auto".
   */
  template?: "auto" | "chat" | "plain" | undefined;
  /** Questions of `qa_1` in SQuAD's JSON, in place of those on the World Factbook. */
  squad?: string | undefined;
  /** Questions of `qa_2` in HotpotQA's JSON, in place of those on the World Factbook. */
  hotpotqa?: string | undefined;
}

/** Options of babilong. */
export interface BabilongBenchmarkOptions {
  /** Its files: qa1.jsonl … qa20.jsonl, in a folder or of the Hub. */
  data: string;
  /** Of a dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /** Names of files without ending. Default: all that are known. */
  tasks?: readonly string[] | undefined;
}

/** Options of helmet. */
export interface HelmetBenchmarkOptions {
  /** Its files: JSON Lines, in a folder or of the Hub. */
  data: string;
  /** Of a dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /** Names of files without ending. Default: all that are known. */
  tasks?: readonly string[] | undefined;
}

/** Options of infinitebench. */
export interface InfinitebenchBenchmarkOptions {
  /** Its files: passkey.jsonl, kv_retrieval.jsonl …, in a folder or of the Hub. */
  data: string;
  /** Of a dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /** Names of files without ending. Default: all that are known. */
  tasks?: readonly string[] | undefined;
}

/** Options of longbench. */
export interface LongbenchBenchmarkOptions {
  /** Folder with its own prompts, or a checkout of LongBench. */
  config?: string | undefined;
  /** Its rows: a folder, a file, data.zip, or a dataset of the Hub. Default: "THUDM/LongBench". */
  data?: string | undefined;
  /** Of the dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /**
   * Longest prompt in tokens before the chat template; of longer ones the middle goes. Default: what
   * `eval.max_seq_tokens` leaves beside the answer.
   */
  max_length?: number | undefined;
  /** Whether prompts are messages by the chat template. Default: where the checkpoint has one. */
  chat_template?: boolean | undefined;
  /** Names of its datasets. Default: all. */
  tasks?: readonly string[] | undefined;
}

/** Options of longbench-e. */
export interface LongbenchEBenchmarkOptions {
  /** Folder with its own prompts, or a checkout of LongBench. */
  config?: string | undefined;
  /** Its rows: a folder, a file, data.zip, or a dataset of the Hub. Default: "THUDM/LongBench". */
  data?: string | undefined;
  /** Of the dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /**
   * Longest prompt in tokens before the chat template; of longer ones the middle goes. Default: what
   * `eval.max_seq_tokens` leaves beside the answer.
   */
  max_length?: number | undefined;
  /** Whether prompts are messages by the chat template. Default: where the checkpoint has one. */
  chat_template?: boolean | undefined;
  /** Names of its datasets. Default: all. */
  tasks?: readonly string[] | undefined;
}

/** Options of longbench-v2. */
export interface LongbenchV2BenchmarkOptions {
  /** Folder with its own prompts, or a checkout of LongBench. */
  config?: string | undefined;
  /** Its rows: a folder, a file, data.zip, or a dataset of the Hub. Default: "THUDM/LongBench-v2". */
  data?: string | undefined;
  /** Of the dataset of the Hub. Default: "main". */
  revision?: string | undefined;
  /**
   * Longest prompt in tokens before the chat template; of longer ones the middle goes. Default: what
   * `eval.max_seq_tokens` leaves beside the answer.
   */
  max_length?: number | undefined;
  /** Whether prompts are messages by the chat template. Default: where the checkpoint has one. */
  chat_template?: boolean | undefined;
  /**
   * Which of its prompts: plain, with a thought before the answer, or without the document. Default: "0shot".
   */
  prompt?: "0shot" | "0shot_cot" | "0shot_no_context" | undefined;
}

/** Options of multiple-choice. */
export interface MultipleChoiceBenchmarkOptions {
  /** Examples with documents of this length only. */
  length?: "short" | "long" | undefined;
}

/** Options of passkey. */
export interface PasskeyBenchmarkOptions {
  /**
   * Tokens of the prompt with room for the answer; those over `eval.max_seq_tokens` are skipped and counted.
   * Default: [512,1024,2048,4096].
   */
  lengths?: readonly number[] | undefined;
  /** Keys in each place. Default: 1. */
  trials?: number | undefined;
}

/** Options of ruler. */
export interface RulerBenchmarkOptions {
  /** RULER's folder of data, for example of all lengths: `4096/data/vt/validation.jsonl` below it. */
  path: string;
  /**
   * `plain`: the rows are whole prompts, as for RULER itself, with the template that they were made for.
   * `chat`: the checkpoint's chat template goes around them (made for `base`). Default: "plain".
   */
  template?: "plain" | "chat" | undefined;
}

/** A test set of your own. */
export interface TestSet {
  /** An entry of src/eval/benchmarks, or with `path` a name of your own. */
  name: string;
  /** A test set of your own: a local file, or a folder that is read recursively. */
  path: string;
  /** At most this many items, chosen by the hash of their ids. */
  limit?: number | undefined;
  /** Settings of the benchmark, or of the format of your own files. */
  options?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>> | undefined;
  /**
   * How answers of your own set are scored (src/eval/scorers); the first sums it up. Default: f1 and
   * exact_match where most right answers are short, else rougeL and rouge1.
   */
  metrics?: readonly string[] | undefined;
  /** Longest answer to your own questions. Default: 32 where most right answers are short, else 256. */
  max_new_tokens?: number | undefined;
  /**
   * Of your own folder the files that are asked about, by their names. Default: test where a file is named
   * so, else all.
   */
  split?: "train" | "validation" | "test" | undefined;
  /** Shape of the rows or files. Default: told from the file's ending and, row by row, the columns. */
  format?:
    | "messages"
    | "sharegpt"
    | "prompt-completion"
    | "alpaca"
    | "text"
    | "markdown"
    | "html"
    | "pdf"
    | undefined;
  /**
   * How rows of any columns become examples: a conversation (messages), columns (instruction, input, output)
   * or templates (prompt, response).
   */
  fields?: FieldsInput | undefined;
}

/** A benchmark and its settings. */
export type Benchmark =
  | { name: "context-gain"; limit?: number | undefined; options?: ContextGainBenchmarkOptions | undefined }
  | { name: "long-probe"; limit?: number | undefined; options?: LongProbeBenchmarkOptions | undefined }
  | { name: "babilong"; limit?: number | undefined; options?: BabilongBenchmarkOptions | undefined }
  | { name: "helmet"; limit?: number | undefined; options?: HelmetBenchmarkOptions | undefined }
  | { name: "infinitebench"; limit?: number | undefined; options?: InfinitebenchBenchmarkOptions | undefined }
  | { name: "long-qa"; limit?: number | undefined; options?: Readonly<Record<string, never>> | undefined }
  | { name: "longbench"; limit?: number | undefined; options?: LongbenchBenchmarkOptions | undefined }
  | { name: "longbench-e"; limit?: number | undefined; options?: LongbenchEBenchmarkOptions | undefined }
  | { name: "longbench-v2"; limit?: number | undefined; options?: LongbenchV2BenchmarkOptions | undefined }
  | {
      name: "multiple-choice";
      limit?: number | undefined;
      options?: MultipleChoiceBenchmarkOptions | undefined;
    }
  | { name: "passkey"; limit?: number | undefined; options?: PasskeyBenchmarkOptions | undefined }
  | { name: "perplexity"; limit?: number | undefined; options?: Readonly<Record<string, never>> | undefined }
  | { name: "ruler"; limit?: number | undefined; options?: RulerBenchmarkOptions | undefined }
  | {
      name: "summarization";
      limit?: number | undefined;
      options?: Readonly<Record<string, never>> | undefined;
    }
  | TestSet;
