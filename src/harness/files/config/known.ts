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
