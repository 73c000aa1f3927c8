/** What upstream has by these names and we have as well; see src/harness/metrics and src/harness/filters. */
export const knownMetrics: readonly string[] = [
  "acc",
  "acc_norm",
  "acc_bytes",
  "acc_mutual_info",
  "exact_match",
  "f1",
  "mcc",
  "perplexity",
  "word_perplexity",
  "byte_perplexity",
  "bits_per_byte",
  "bleu",
  "chrf",
  "ter",
  "likelihood",
  "brier_score",
  "bypass",
];

export const knownAggregations: readonly string[] = [
  "mean",
  "nanmean",
  "median",
  "perplexity",
  "weighted_perplexity",
  "bits_per_byte",
  "f1",
  "matthews_corrcoef",
  "bleu",
  "chrf",
  "ter",
  "brier_score",
  "bypass",
];

/** Filters and the options that each takes. */
export const knownFilters: Readonly<Record<string, readonly string[]>> = {
  lowercase: [],
  majority_vote: [],
  map: ["mapping_dict", "default_value"],
  multi_choice_regex: [
    "regex_pattern",
    "group_select",
    "fallback",
    "ignore_case",
    "ignore_punctuation",
    "regexes_to_ignore",
  ],
  regex: ["regex_pattern", "group_select", "fallback"],
  remove_whitespace: [],
  take_first: [],
  take_first_k: ["k"],
  uppercase: [],
};

export const outputTypes = [
  "loglikelihood",
  "multiple_choice",
  "loglikelihood_rolling",
  "generate_until",
] as const;

export const samplers = ["default", "first_n"] as const;

/** The keys of upstream's TaskConfig. */
export const taskKeys: readonly string[] = [
  "task",
  "task_alias",
  "tag",
  "custom_dataset",
  "dataset_path",
  "dataset_name",
  "dataset_kwargs",
  "training_split",
  "validation_split",
  "test_split",
  "fewshot_split",
  "process_docs",
  "doc_to_text",
  "doc_to_target",
  "doc_to_image",
  "doc_to_audio",
  "unsafe_code",
  "doc_to_choice",
  "process_results",
  "use_prompt",
  "description",
  "target_delimiter",
  "fewshot_delimiter",
  "fewshot_config",
  "num_fewshot",
  "metric_list",
  "output_type",
  "generation_kwargs",
  "repeats",
  "filter_list",
  "should_decontaminate",
  "doc_to_decontamination_query",
  "gen_prefix",
  "metadata",
];

/** Of upstream's FewshotConfig. */
export const fewshotKeys: readonly string[] = [
  "sampler",
  "split",
  "process_docs",
  "fewshot_indices",
  "samples",
  "doc_to_text",
  "doc_to_choice",
  "doc_to_target",
  "gen_prefix",
  "fewshot_delimiter",
  "target_delimiter",
];

/** Of upstream's GroupConfig; what else a group's file says is an override for its tasks. */
export const groupKeys: readonly string[] = [
  "group",
  "group_alias",
  "task",
  "aggregate_metric_list",
  "metadata",
];
