/**
 * The files of a tokenizer in a Hugging Face folder. Only the first is required.
 *
 * - `readFiles` decide which ids a text or a conversation becomes. They are what zebratune reads, so a
 *   fingerprint of a tokenizer covers exactly these.
 * - `carriedFiles` are copied with a model: the same files, and some that only other programs read.
 */
export const tokenizerFile = {
  tokens: "tokenizer.json",
  config: "tokenizer_config.json",
  specials: "special_tokens_map.json",
  chatTemplate: "chat_template.jinja",
  toolTemplate: "additional_chat_templates/tool_use.jinja",
} as const;

export const readFiles: readonly string[] = Object.values(tokenizerFile);

/** Where transformers keeps what generation ends at, and how it draws. */
export const generationConfigFile = "generation_config.json";

export const carriedFiles: readonly string[] = [
  tokenizerFile.tokens,
  tokenizerFile.config,
  tokenizerFile.specials,
  "added_tokens.json",
  "tokenizer.model",
  tokenizerFile.chatTemplate,
  generationConfigFile,
];

/** Chat templates for other kinds of conversations, such as those with tools. The whole folder is copied. */
export const moreTemplatesFolder = "additional_chat_templates";
