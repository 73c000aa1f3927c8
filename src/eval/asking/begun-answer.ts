import { CheckpointError } from "../../errors.ts";
import { beginTexts, renderChat } from "../../tokenizer/chat/chat.ts";
import { loadChatTemplates } from "../../tokenizer/chat/template.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";

/** Whether a question is a user's turn, or plain text to be gone on with. */
export type AskedAs = "chat" | "plain";

/** As a chat where the tokenizer has a template, unless the recipe says how. */
export async function askedAs(tokenizer: Tokenizer, wanted: AskedAs | "auto"): Promise<AskedAs> {
  if (wanted !== "auto") return wanted;
  try {
    await loadChatTemplates(tokenizer);
    return "chat";
  } catch (error) {
    if (error instanceof CheckpointError) return "plain";
    throw error;
  }
}

/**
 * A question and the beginning of its answer, which the model is to go on with: after a chat template as the
 * beginning of the assistant's message, else behind the text.
 */
export async function begunAnswer(
  tokenizer: Tokenizer,
  as: AskedAs,
  { text, prefix }: { text: string; prefix: string },
): Promise<Int32Array> {
  const begun = prefix.trim();
  if (as === "plain") {
    const [ids] = await beginTexts(tokenizer, [begun === "" ? text : `${text} ${begun}`]);
    return ids!;
  }
  const user = { role: "user", content: text } as const;
  // A blank answer marks where the template lets one begin.
  const { ids, trained } = await renderChat(tokenizer, [user, { role: "assistant", content: begun || "." }]);
  if (begun === "") return ids.slice(0, trained.indexOf(1));
  const specials = new Set(tokenizer.specials.values());
  let end = trained.lastIndexOf(1) + 1;
  while (end > 0 && (trained[end - 1] === 0 || specials.has(ids[end - 1]!))) end--;
  return ids.slice(0, end);
}
