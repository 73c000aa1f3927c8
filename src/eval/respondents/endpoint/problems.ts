import type { EndpointOptions } from "../../../contracts/recipe/endpoint.ts";
import { endpointProblem } from "../../../datasets/endpoint/address.ts";
import type { OutputType } from "../../../harness/task-config.ts";

/** Fields of a request that are not to be set from outside: what is read and cached depends on them. */
const ownFields = ["model", "prompt", "messages", "stream", "n", "echo", "logprobs", "best_of", "suffix"];

/** What a schema cannot say of `eval.endpoint`, each `<where>.<key>: expected <x>, got <y>`. */
export function endpointProblems(options: EndpointOptions, where: string, env: NodeJS.ProcessEnv): string[] {
  const { url, kind, tokenizer, prefix, request, max_cost, price_per_million_tokens: price } = options;
  const problems: string[] = [];
  const problem = endpointProblem(url, options.api_key_env, env, "url");
  if (problem !== null) problems.push(`${where}.${problem}`);
  if (/\/completions\/*$/.test(url)) {
    problems.push(
      `${where}.url: expected the base address, as https://api.openai.com/v1, got one that ends in ` +
        "/completions. `kind` says which of its addresses is asked",
    );
  }
  for (const field of ownFields.filter((key) => Object.hasOwn(request, key))) {
    problems.push(`${where}.request.${field}: expected a field that is not set already, got ${field}`);
  }
  if (max_cost !== undefined && price === undefined) {
    problems.push(`${where}.max_cost: expected price_per_million_tokens beside it, got none`);
  }
  if (kind === "chat") {
    for (const [key, value] of Object.entries({ tokenizer, prefix })) {
      if (value !== undefined) problems.push(`${where}.${key}: expected none for kind: chat, got one`);
    }
  } else if (tokenizer !== undefined && prefix !== undefined) {
    problems.push(`${where}.prefix: expected none beside a tokenizer, whose BOS token is taken, got one`);
  }
  return problems;
}

/** Why an endpoint of this kind cannot answer a task's requests, to be told before any is sent. */
export function unableTo(kind: EndpointOptions["kind"], output: OutputType): string | undefined {
  if (kind === "completions" || output === "generate_until") return undefined;
  return (
    `expected a task that generates (output_type: generate_until), got ${output}: a chat endpoint gives no ` +
    "log-likelihoods of a prompt. Use kind: completions where the server has it"
  );
}
