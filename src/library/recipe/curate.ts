// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { Filter } from "./filters.ts";

/**
 * What is taken out of the examples before they are written. Every example that goes is in the ledger, with
 * the reason.
 */
export interface CurateInput {
  /**
   * Put a placeholder where a text has one of these: mail addresses, phone numbers, keys and tokens, public
   * IP addresses.
   */
  pii?: readonly ("mail" | "phone" | "key" | "ip")[] | undefined;
  /** Entries of the filter catalog (src/datasets/curate/filters), in order. */
  filters?: Filter[] | undefined;
  /** Drop examples that have a run of words in common with a benchmark. {} for the run's own test split. */
  decontaminate?: DecontaminateInput | undefined;
  /**
   * Drop an example whose conversation is that of an earlier one, apart from case and white space. Default:
   * false.
   */
  exact_duplicates?: boolean | undefined;
  /**
   * Drop near copies of examples that stay, by MinHash and LSH. {} for datatrove's settings; NeMo Curator's
   * are shingle: chars, n_grams: 24, num_buckets: 20, hashes_per_bucket: 13.
   */
  near_duplicates?: NearDuplicatesInput | undefined;
}

/** Drop examples that have a run of words in common with a benchmark. {} for the run's own test split. */
export interface DecontaminateInput {
  /**
   * Words of such a run; a benchmark item of 8 words or more that is shorter counts as a whole. Default: 13.
   */
  ngram_words?: number | undefined;
  /** Splits of the run's own sources that count as benchmarks. Default: ["test"]. */
  splits?: readonly ("validation" | "test")[] | undefined;
  /** Benchmarks: files or folders of rows (every text in a row counts) or of plain text. */
  files?: readonly string[] | undefined;
  /**
   * A run found in more documents of the benchmarks than this is a phrase or a template and drops nothing.
   * Default: 10.
   */
  max_documents?: number | undefined;
  /**
   * Drop an example only if it has at least this share of a benchmark text's words in such runs (Tulu 3: 0.5,
   * with ngram_words 8). Without it one run is enough.
   */
  match_threshold?: number | undefined;
}

/**
 * Drop near copies of examples that stay, by MinHash and LSH. {} for datatrove's settings; NeMo Curator's are
 * shingle: chars, n_grams: 24, num_buckets: 20, hashes_per_bucket: 13.
 */
export interface NearDuplicatesInput {
  /** What texts are compared by: runs of words, or of characters. Default: "words". */
  shingle?: "words" | "chars" | undefined;
  /** Words or characters of a run. Default: 5. */
  n_grams?: number | undefined;
  /** Bands of the signature. Default: 14. */
  num_buckets?: number | undefined;
  /** Hashes of a band. Default: 8. */
  hashes_per_bucket?: number | undefined;
  /** An example goes when its similarity to one that stays is estimated to be at least this. Default: 0.7. */
  jaccard_threshold?: number | undefined;
  /**
   * conversation: document and exchange must both be alike, so questions on one document stay. document: all
   * examples on a near copy of another document go. Default: "conversation".
   */
  text?: "conversation" | "document" | undefined;
}
