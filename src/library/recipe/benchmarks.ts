// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

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

/** A benchmark and its settings. */
export type Benchmark =
  | { name: "long-qa"; limit?: number | undefined; options?: Readonly<Record<string, never>> | undefined }
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
    };
