import { type Static, Type } from "@sinclair/typebox";
import { compileSchema } from "../../../ajv.ts";
import type { TokenUse } from "../../../datasets/endpoint/cost-limit.ts";
import { parseJson } from "../../../datasets/endpoint/parse-json.ts";
import { openMapping, orNull } from "../../../schema.ts";

const count = Type.Integer({ minimum: 0 });
const textOrNull = Type.Optional(orNull(Type.String()));

/** What is read of an answer of `/completions` or `/chat/completions`. */
const bodySchema = openMapping({
  choices: Type.Array(
    openMapping({
      text: textOrNull,
      message: Type.Optional(orNull(openMapping({ content: textOrNull }))),
      finish_reason: textOrNull,
      logprobs: Type.Optional(Type.Unknown()),
    }),
    { minItems: 1 },
  ),
  usage: Type.Optional(
    orNull(openMapping({ prompt_tokens: count, completion_tokens: Type.Optional(count) })),
  ),
});

/** Log-probabilities of an echoed prompt's tokens, each given those before it. */
const logprobsSchema = openMapping({
  tokens: Type.Array(Type.String()),
  token_logprobs: Type.Array(orNull(Type.Number())),
  top_logprobs: Type.Optional(
    orNull(
      Type.Array(
        orNull(
          Type.Unsafe<Record<string, number>>({ type: "object", additionalProperties: { type: "number" } }),
        ),
      ),
    ),
  ),
  text_offset: Type.Optional(orNull(Type.Array(count))),
});

const isBody = compileSchema("data", bodySchema);
const isLogprobs = compileSchema("data", logprobsSchema);

export type Logprobs = Static<typeof logprobsSchema>;

export interface Completion {
  text: string;
  /** "stop", "length" …, or "" where the server does not say. */
  finishReason: string;
  /** Undefined where there are none; null where they have another form. */
  logprobs: Logprobs | undefined | null;
  /** As the server counts; undefined where it does not. */
  usage: TokenUse | undefined;
}

/** The first choice of an answer's body, or null for anything else. */
export function parseAnswer(kind: "completions" | "chat"): (body: string) => Completion | null {
  return (body) => {
    const value = parseJson(body);
    if (!isBody(value)) return null;
    const { text, message, finish_reason: finishReason, logprobs } = value.choices[0]!;
    // A thinking model that came to no answer has null in place of it.
    if (kind === "completions" ? typeof text !== "string" : !message) return null;
    const { usage } = value;
    return {
      text: (kind === "completions" ? text : message?.content) ?? "",
      finishReason: finishReason ?? "",
      logprobs:
        logprobs === undefined || logprobs === null ? undefined : isLogprobs(logprobs) ? logprobs : null,
      usage: usage
        ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens ?? 0 }
        : undefined,
    };
  };
}
