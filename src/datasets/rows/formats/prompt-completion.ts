import type { Message } from "../../../contracts/example.ts";
import { nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { commonColumns, withColumns } from "../row-columns.ts";
import { knownRoles, messagesOf, turnKeysOf } from "../turns/turns.ts";

const keys = { role: "role", content: "content", roles: knownRoles };

/**
 * TRL's form, `{"prompt", "completion"}`: two texts, or two lists of messages that are one conversation. Only
 * the completion is trained. A `label` that is false (KTO's rows) says that it is a bad one.
 */
export const promptCompletion: RowFormat = {
  kind: "rows",
  keys: ["prompt", "completion", "label", ...commonColumns],
  turnKeys: turnKeysOf(keys),
  fits: ({ prompt, completion }) =>
    isPart(prompt) && isPart(completion) && (isFilled(prompt) || isFilled(completion)),
  convert(row) {
    const { prompt, completion, label } = row;
    if (label === false)
      return drop("unwanted_completion", "label is false: a completion that is not to be learnt");
    if (typeof prompt === "string" && typeof completion === "string") {
      const messages: Message[] = [
        { role: "user", content: prompt },
        { role: "assistant", content: completion },
      ];
      return withColumns({ messages }, row);
    }
    if (!Array.isArray(prompt) || !Array.isArray(completion)) {
      const got = `${nameOf(prompt)} and ${nameOf(completion)}`;
      return drop("wrong_type", `expected two texts or lists under prompt and completion, got ${got}`);
    }
    const list: unknown[] = [...(prompt as unknown[]), ...(completion as unknown[])];
    const converted = messagesOf(list, keys);
    if ("dropped" in converted) return converted;
    if (!converted.slice(prompt.length).some(({ role }) => role === "assistant"))
      return drop("missing_answer", "no message of completion is the assistant's");
    const messages = converted.map((message, i) =>
      i < prompt.length ? { ...message, train: message.train ?? false } : message,
    );
    return withColumns({ messages }, row, list);
  },
};

function isPart(value: unknown): boolean {
  return typeof value === "string" || Array.isArray(value);
}

/** In tables that were put together from several, a row has nothing in the columns of the others. */
function isFilled(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : Array.isArray(value) && value.length > 0;
}
