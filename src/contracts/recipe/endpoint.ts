import { type Static, Type } from "@sinclair/typebox";
import { choice, mapOf, mapping, optionalText, text } from "../../schema.ts";

export const priceSchema = mapping(
  { input: Type.Number({ minimum: 0 }), output: Type.Number({ minimum: 0 }) },
  { description: "Cost of a million tokens: { input, output }." },
);

/** How an OpenAI-compatible server is asked: keys that the teacher and `eval.endpoint` have alike. */
export const askingKeys = {
  api_key_env: Type.String({
    description: "Environment variable that holds the key; on this machine it may be unset.",
    default: "OPENAI_API_KEY",
  }),
  concurrency: Type.Integer({
    description: "Requests under way at a time.",
    minimum: 1,
    maximum: 256,
    default: 4,
  }),
  max_retries: Type.Integer({
    description: "Tries after the first one of a request.",
    minimum: 0,
    maximum: 20,
    default: 5,
  }),
  retry_delay_seconds: Type.Number({
    description: "Wait before the second try where the server names none; it doubles with each.",
    exclusiveMinimum: 0,
    maximum: 60,
    default: 1,
  }),
  timeout_seconds: Type.Number({
    description: "Longest wait for a whole reply.",
    exclusiveMinimum: 0,
    maximum: 300,
    default: 120,
  }),
  price_per_million_tokens: Type.Optional(priceSchema),
};

/** Keys of `eval.endpoint`. */
export const endpointSchema = mapping(
  {
    url: text(
      "Base address of an OpenAI-compatible server, as https://api.openai.com/v1; http on this machine only.",
    ),
    model: text("Name of the model there."),
    kind: choice(["completions", "chat"], {
      description:
        "completions: texts are continued, and log-likelihoods read from echoed prompts. chat: messages are " +
        "answered; there are no log-likelihoods.",
      default: "completions",
    }),
    tokenizer: optionalText(
      "Folder of the model's tokenizer. With it prompts go as token ids, and long ones are cut as a model " +
        "here would cut them; without it they go as text and must fit.",
    ),
    prefix: optionalText(
      "Text before a prompt that has no context, as <|endoftext|>, where the server puts no such token itself.",
    ),
    max_length: Type.Integer({
      description: "Longest prompt with its answer, in tokens.",
      minimum: 8,
      default: 4096,
    }),
    max_tokens_key: choice(["max_tokens", "max_completion_tokens"], {
      description: "How the request calls the longest answer.",
      default: "max_tokens",
    }),
    seed: Type.Integer({ description: "Of answers that are drawn; a repeat adds its number.", default: 0 }),
    request: mapOf(Type.Unknown(), {
      description: "Further fields of the request; null takes one out, as { seed: null }.",
      default: {},
    }),
    ...askingKeys,
    max_cost: Type.Optional(
      Type.Number({
        description: "No request is sent that might take the cost over this.",
        exclusiveMinimum: 0,
      }),
    ),
  },
  { description: "A model behind an OpenAI-compatible server, asked in place of a checkpoint." },
);

/** `eval.endpoint`, checked and whole. */
export type EndpointOptions = Static<typeof endpointSchema>;
