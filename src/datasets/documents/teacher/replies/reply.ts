import { type Static, Type } from "@sinclair/typebox";
import { compileSchema } from "../../../../ajv.ts";
import { mapping, openMapping, orNull } from "../../../../schema.ts";
import { parseJson } from "../../../endpoint/parse-json.ts";

const count = Type.Integer({ minimum: 0 });
const textOrNull = Type.Optional(Type.Unsafe<string | null>({ type: ["string", "null"] }));

/** Tokens, as the server counts them; absent where it does not count. */
const usageSchema = mapping({ inputTokens: count, outputTokens: count });

/**
 * What is kept of a chat completion. `finishReason`: "stop", "length" …, or "" where the server does not say.
 */
const replySchema = mapping({
  content: Type.String(),
  finishReason: Type.String(),
  usage: Type.Optional(usageSchema),
});

export type Reply = Static<typeof replySchema>;
export type Usage = Static<typeof usageSchema>;

/** What is read of a server's answer. */
const completionSchema = openMapping({
  choices: Type.Array(
    openMapping({ message: openMapping({ content: textOrNull }), finish_reason: textOrNull }),
    { minItems: 1 },
  ),
  usage: Type.Optional(orNull(openMapping({ prompt_tokens: count, completion_tokens: count }))),
});

const isCompletion = compileSchema("data", completionSchema);
const isReply = compileSchema("data", replySchema);

/** A chat completion's body (OpenAI's `chat.completion`), or null for anything else. */
export function parseCompletion(body: string): Reply | null {
  const value = parseJson(body);
  if (!isCompletion(value)) return null;
  const { message, finish_reason: finishReason } = value.choices[0]!;
  const { usage } = value;
  return {
    content: message.content ?? "",
    finishReason: finishReason ?? "",
    ...(usage && {
      usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens },
    }),
  };
}

/** A reply as the cache has it, or null for anything else. */
export function parseCached(text: string): Reply | null {
  const value = parseJson(text);
  return isReply(value) ? value : null;
}
