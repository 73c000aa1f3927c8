/**
 * The files of a tokenizer in a Hugging Face folder. All but the first are optional.
 *
 * - `readFiles` decide which ids a text or a conversation becomes. They are what is read here, and so what a
 *   fingerprint of a tokenizer covers: nothing else beside them changes what is made with it.
 * - `carriedFiles` are copied with a model: those, and what only other programs read.
 */
export const tokenizerFile = {
  tokens: "tokenizer.json",
  config: "tokenizer_config.json",
  specials: "special_tokens_map.json",
  chatTemplate: "chat_template.jinja",
  toolTemplate: "additional_chat_templates/tool_use.jinja",
} as const;

export const readFiles: readonly string[] = Object.values(tokenizerFile);

export const carriedFiles: readonly string[] = [
  tokenizerFile.tokens,
  tokenizerFile.config,
  tokenizerFile.specials,
  "added_tokens.json",
  "tokenizer.model",
  tokenizerFile.chatTemplate,
  "generation_config.json",
];

/** Templates for conversations of other kinds, as those with tools. All of this folder is carried. */
export const moreTemplatesFolder = "additional_chat_templates";
