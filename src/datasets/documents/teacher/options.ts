import type { OptionSchemas } from "../../../options.ts";
import { endpointProblem } from "./replies/endpoint.ts";

/** Cost of a million tokens, in whatever currency `max_cost` is meant in. */
export interface Price {
  input: number;
  output: number;
}

/** `build.options` of a teacher, checked and whole. */
export interface TeacherOptions {
  endpoint: string;
  model: string;
  task: "qa" | "summarization" | "writing";
  per_document: number;
  extractive: boolean;
  prompt: string;
  documents?: number;
  max_document_chars: number;
  api_key_env: string;
  concurrency: number;
  max_retries: number;
  retry_delay_seconds: number;
  timeout_seconds: number;
  temperature: number;
  seed: number;
  max_tokens: number;
  response_format: "json_object" | "json_schema" | "none";
  request: Record<string, unknown>;
  price_per_million_tokens?: Price;
  max_cost?: number;
}

/** Fields of a request that are not to be set from outside: what is validated and cached depends on them. */
const ownFields = ["model", "messages", "stream", "n"];

export const teacherSchemas: OptionSchemas = {
  endpoint: {
    description:
      "Base address of an OpenAI-compatible server, as https://api.openai.com/v1; http on this machine only.",
    type: "string",
    default: "https://api.openai.com/v1",
  },
  model: { description: "Name of the model there.", type: "string", default: "" },
  task: { description: "What is written.", enum: ["qa", "summarization", "writing"], default: "qa" },
  per_document: {
    description: "Questions, summaries or instructions of a document, all of one request.",
    type: "integer",
    minimum: 1,
    maximum: 100,
    default: 1,
  },
  extractive: {
    description:
      "qa: the answer must stand in the document word for word; else only the quote that proves it.",
    type: "boolean",
    default: true,
  },
  prompt: {
    description:
      "Instead of the task's own instruction; the form of the reply and the document come after it.",
    type: "string",
    default: "",
  },
  documents: {
    description: "At most so many documents, taken evenly over the source.",
    type: "integer",
    minimum: 1,
  },
  max_document_chars: {
    description: "Of a longer document the first sentences are taken, at most so many characters.",
    type: "integer",
    minimum: 200,
    maximum: 10_000_000,
    default: 32_000,
  },
  api_key_env: {
    description: "Environment variable that holds the key; on this machine it may be unset.",
    type: "string",
    default: "OPENAI_API_KEY",
  },
  concurrency: {
    description: "Requests under way at a time.",
    type: "integer",
    minimum: 1,
    maximum: 256,
    default: 4,
  },
  max_retries: {
    description: "Tries after the first one of a request.",
    type: "integer",
    minimum: 0,
    maximum: 20,
    default: 5,
  },
  retry_delay_seconds: {
    description: "Wait before the second try where the server names none; it doubles with each.",
    type: "number",
    exclusiveMinimum: 0,
    maximum: 60,
    default: 1,
  },
  timeout_seconds: {
    description: "Longest wait for a whole reply.",
    type: "number",
    exclusiveMinimum: 0,
    maximum: 300,
    default: 120,
  },
  temperature: { description: "Of the request.", type: "number", minimum: 0, maximum: 2, default: 0 },
  seed: {
    description:
      "The seed of each request is drawn from this and the document, not from the recipe's: a sweep over that pays nothing.",
    type: "integer",
    default: 0,
  },
  max_tokens: {
    description: "Longest reply.",
    type: "integer",
    minimum: 16,
    maximum: 1_000_000,
    default: 4096,
  },
  response_format: {
    description: "How JSON is asked for, besides in words.",
    enum: ["json_object", "json_schema", "none"],
    default: "json_object",
  },
  request: {
    description: "Further fields of the request; null takes one out, as { max_tokens: null }.",
    type: "object",
    default: {},
  },
  price_per_million_tokens: {
    description: "Cost of a million tokens: { input, output }.",
    type: "object",
    required: ["input", "output"],
    additionalProperties: false,
    properties: { input: { type: "number", minimum: 0 }, output: { type: "number", minimum: 0 } },
  },
  max_cost: {
    description: "The run stops before the replies of this dataset, cached ones included, cost more.",
    type: "number",
    exclusiveMinimum: 0,
  },
};

/** What a schema cannot say, each `<where>.<key>: expected <x>, got <y>`. A value that may be a key is not shown. */
export function teacherProblems(options: TeacherOptions, where: string, env: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  const { endpoint, model, api_key_env: name, request, max_cost, price_per_million_tokens: price } = options;
  if (typeof model === "string" && model.trim() === "")
    problems.push(`${where}.model: expected the name of a model, got none`);
  if (typeof name === "string" && !/^[A-Z_][A-Z0-9_]*$/.test(name)) {
    problems.push(
      `${where}.api_key_env: expected the name of an environment variable in capitals, got something else, which is not shown since it may be a key`,
    );
  } else if (typeof endpoint === "string") {
    const problem = endpointProblem(endpoint, name, env);
    if (problem !== null) problems.push(`${where}.${problem}`);
  }
  for (const field of ownFields.filter((key) => Object.hasOwn(Object(request), key))) {
    problems.push(`${where}.request.${field}: expected a field that a teacher does not set, got ${field}`);
  }
  if (max_cost !== undefined && price === undefined) {
    problems.push(`${where}.max_cost: expected price_per_million_tokens beside it, got none`);
  }
  return problems;
}
