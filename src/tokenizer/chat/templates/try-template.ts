import type { Message } from "../../../contracts/example.ts";
import { DataError } from "../../../errors.ts";
import type { Tokenizer } from "../../tokenizer.ts";
import { tryRenderChats } from "../chat.ts";
import { loadChatTemplates, TemplateRefusal } from "../template.ts";
import type { BuiltInTemplate } from "./built-in.ts";

/** How special tokens look: `<|im_end|>`, `<｜User｜>`, `<start_of_turn>`. */
const special = /<[|｜][^<>|｜\s]+[|｜]>|<(?:start|end)_of_\w+>/g;

const user: Message = { role: "user", content: "zqquestionqz" };
const conversations: Message[][] = [
  [user, { role: "assistant", content: "zqanswerqz" }],
  [{ role: "system", content: "zqsystemqz" }, user, { role: "assistant", content: "zqanswerqz" }],
];

/**
 * The special tokens that the tokenizer's chat template writes and its vocabulary lacks, by their text; the
 * tokens that a built-in template writes by their role (`bos_token`) as those. They would be encoded as text,
 * in many tokens. Throws CheckpointError where there is no template, or one that does not parse.
 */
export async function missingTokens(
  tokenizer: Tokenizer,
  { needs }: Pick<BuiltInTemplate, "needs"> = { needs: [] },
): Promise<string[]> {
  const { plain } = await loadChatTemplates(tokenizer);
  const written = conversations.flatMap((messages) => {
    try {
      return [plain.render({ messages }, false, "object"), plain.render({ messages }, true, "object")];
    } catch (error) {
      if (error instanceof TemplateRefusal) return [];
      throw error;
    }
  });
  const names = new Set(written.flatMap((text) => text.match(special) ?? []));
  const roles = { bos_token: tokenizer.bosId, eos_token: tokenizer.eosId };
  return [
    ...[...names].filter((name) => tokenizer.tokenToId(name) === undefined),
    ...needs.filter((role) => roles[role] === null),
  ];
}

/**
 * Why no conversation of the plainest kind can be trained with the tokenizer's chat template; null where one
 * can. Throws CheckpointError as `missingTokens`.
 */
export async function whyUntrainable(tokenizer: Tokenizer): Promise<string | null> {
  const tried = await tryRenderChats(tokenizer, conversations);
  const [first] = tried;
  return tried.every((one) => one instanceof DataError) && first instanceof DataError ? first.message : null;
}
