import { CheckpointError, ConfigError, messageOf } from "../../errors.ts";
import type { Turn } from "../../harness/respondent.ts";
import { type ChatTemplate, loadChatTemplates, TemplateRefusal } from "../../tokenizer/chat/template.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";

/** Marks the end of a last message that is to be gone on with. As transformers 5 has it, blank and all. */
const tag = "CONTINUE_FINAL_MESSAGE_TAG ";

/**
 * Conversations as texts by the checkpoint's chat template. Where it refuses one, it is asked again without
 * the system's message, as lm-evaluation-harness does; `note` is told so once. The result throws ConfigError
 * where there is no template, and TemplateRefusal.
 */
export async function chatRenderer(
  tokenizer: Tokenizer,
  note: (message: string) => void,
): Promise<(turns: readonly Turn[], isOpen: boolean) => string> {
  let template: ChatTemplate | CheckpointError;
  try {
    template = (await loadChatTemplates(tokenizer)).plain;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    template = error;
  }
  let isNoted = false;
  return (turns, isOpen) => {
    if (template instanceof CheckpointError) throw new ConfigError("eval.tasks", [messageOf(template)]);
    try {
      return rendered(template, turns, isOpen);
    } catch (error) {
      const rest = turns.filter(({ role }) => role !== "system");
      if (!(error instanceof TemplateRefusal) || rest.length === turns.length) throw error;
      const text = rendered(template, rest, isOpen);
      if (!isNoted) note(`${messageOf(error)}; prompts were made without the system's message`);
      isNoted = true;
      return text;
    }
  };
}

/** As transformers' `apply_chat_template` with `add_generation_prompt`, or `continue_final_message`. */
function rendered(template: ChatTemplate, turns: readonly Turn[], isOpen: boolean): string {
  if (isOpen) return template.render({ messages: turns }, true, "object");
  const last = turns.at(-1)!;
  const messages = [...turns.slice(0, -1), { ...last, content: last.content + tag }];
  const text = template.render({ messages }, false, "object");
  const end = text.lastIndexOf(tag.trim());
  if (end < 0)
    throw new TemplateRefusal(
      "chat template: expected a last message that can be gone on with, got a text that does not have it",
    );
  return text.startsWith(tag, end) ? text.slice(0, end) : text.slice(0, end).trimEnd();
}
