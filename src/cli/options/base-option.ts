/** What `--base` means in every command that takes an adapter. */
export const baseHelp =
  "model that the adapter belongs to (default: base_model_name_or_path in its adapter_config.json)";
