import { type Static, Type } from "@sinclair/typebox";
import { askingKeys } from "../../../contracts/recipe/endpoint.ts";
import { choice, type Mapping, mapOf } from "../../../schema.ts";
import { endpointProblem } from "../../endpoint/address.ts";

/** Fields of a request that are not to be set from outside: what is validated and cached depends on them. */
const ownFields = ["model", "messages", "stream", "n"];

/** Options of the teacher builder. */
export const teacherOptions = {
  endpoint: Type.String({
    description:
      "Base address of an OpenAI-compatible server, as https://api.openai.com/v1; http on this machine only.",
    default: "https://api.openai.com/v1",
  }),
  model: Type.String({ description: "Name of the model there.", default: "" }),
  task: choice(["qa", "summarization", "writing"], { description: "What is written.", default: "qa" }),
  per_document: Type.Integer({
    description: "Questions, summaries or instructions of a document, all of one request.",
    minimum: 1,
    maximum: 100,
    default: 1,
  }),
  extractive: Type.Boolean({
    description:
      "qa: the answer must stand in the document word for word; else only the quote that proves it.",
    default: true,
  }),
  prompt: Type.String({
    description:
      "Instead of the task's own instruction; the form of the reply and the document come after it.",
    default: "",
  }),
  documents: Type.Optional(
    Type.Integer({
      description: "At most so many documents, taken evenly over the source.",
      minimum: 1,
    }),
  ),
  max_document_chars: Type.Integer({
    description: "Of a longer document the first sentences are taken, at most so many characters.",
    minimum: 200,
    maximum: 10_000_000,
    default: 32_000,
  }),
  api_key_env: askingKeys.api_key_env,
  concurrency: askingKeys.concurrency,
  max_retries: askingKeys.max_retries,
  retry_delay_seconds: askingKeys.retry_delay_seconds,
  timeout_seconds: askingKeys.timeout_seconds,
  temperature: Type.Number({ description: "Of the request.", minimum: 0, maximum: 2, default: 0 }),
  seed: Type.Integer({
    description:
      "The seed of each request is drawn from this and the document, not from the recipe's: a sweep over " +
      "that pays nothing.",
    default: 0,
  }),
  max_tokens: Type.Integer({
    description: "Longest reply.",
    minimum: 16,
    maximum: 1_000_000,
    default: 4096,
  }),
  response_format: choice(["json_object", "json_schema", "none"], {
    description: "How JSON is asked for, besides in words.",
    default: "json_object",
  }),
  request: mapOf(Type.Unknown(), {
    description: "Further fields of the request; null takes one out, as { max_tokens: null }.",
    default: {},
  }),
  price_per_million_tokens: askingKeys.price_per_million_tokens,
  max_cost: Type.Optional(
    Type.Number({
      description: "The run stops before the replies of this dataset, cached ones included, cost more.",
      exclusiveMinimum: 0,
    }),
  ),
};

/** `build.options` of a teacher, checked and whole. */
export type TeacherOptions = Static<Mapping<typeof teacherOptions>>;

/**
 * What a schema cannot say, each `<where>.<key>: expected <x>, got <y>`. A value that may be a key is not
 * shown.
 */
export function teacherProblems(options: TeacherOptions, where: string, env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  const { endpoint, model, api_key_env: name, request, max_cost, price_per_million_tokens: price } = options;
  if (model.trim() === "") problems.push(`${where}.model: expected the name of a model, got none`);
  const problem = endpointProblem(endpoint, name, env);
  if (problem !== null) problems.push(`${where}.${problem}`);
  for (const field of ownFields.filter((key) => Object.hasOwn(request, key))) {
    problems.push(`${where}.request.${field}: expected a field that a teacher does not set, got ${field}`);
  }
  if (max_cost !== undefined && price === undefined) {
    problems.push(`${where}.max_cost: expected price_per_million_tokens beside it, got none`);
  }
  return problems;
}
