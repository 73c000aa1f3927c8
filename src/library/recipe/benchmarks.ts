// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { FieldsInput } from "./data.ts";

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
  | {
      name: "summarization";
      limit?: number | undefined;
      options?: Readonly<Record<string, never>> | undefined;
    }
  | TestSet;
