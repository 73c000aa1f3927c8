import { Ajv2020 } from "ajv/dist/2020.js";

/** What is kept of a chat completion. */
export interface Reply {
  content: string;
  /** "stop", "length" …, or "" where the server does not say. */
  finishReason: string;
  /** Absent where the server does not count tokens. */
  usage?: Usage;
}

/** Tokens, as the server counts them. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

interface Completion {
  choices: { message: { content?: string | null }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

const count = { type: "integer", minimum: 0 };
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const isCompletion = ajv.compile<Completion>({
  type: "object",
  required: ["choices"],
  properties: {
    choices: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["message"],
        properties: {
          message: { type: "object", properties: { content: { type: ["string", "null"] } } },
          finish_reason: { type: ["string", "null"] },
        },
      },
    },
    usage: {
      type: ["object", "null"],
      required: ["prompt_tokens", "completion_tokens"],
      properties: { prompt_tokens: count, completion_tokens: count },
    },
  },
});

const isReply = ajv.compile<Reply>({
  type: "object",
  required: ["content", "finishReason"],
  additionalProperties: false,
  properties: {
    content: { type: "string" },
    finishReason: { type: "string" },
    usage: {
      type: "object",
      required: ["inputTokens", "outputTokens"],
      additionalProperties: false,
      properties: { inputTokens: count, outputTokens: count },
    },
  },
});

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

/** The value of JSON text; undefined for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
