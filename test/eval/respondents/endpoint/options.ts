import type { EndpointOptions } from "../../../../src/contracts/recipe/endpoint.ts";
import type { EndpointRespondent } from "../../../../src/eval/respondents/endpoint/endpoint.ts";
import { endpointRespondent } from "../../../../src/eval/respondents/endpoint/endpoint.ts";
import type { TextCoder } from "../../../../src/eval/respondents/endpoint/text-coder.ts";
import type { Answered } from "../../../../src/harness/respondent.ts";

export const key = "sk-secret-1234";

export function optionsFor(url: string, more: Partial<EndpointOptions> = {}): EndpointOptions {
  return {
    url,
    model: "tiny",
    kind: "completions",
    api_key_env: "TEST_KEY",
    max_length: 256,
    max_tokens_key: "max_tokens",
    seed: 0,
    request: {},
    concurrency: 4,
    max_retries: 1,
    retry_delay_seconds: 0.01,
    timeout_seconds: 10,
    ...more,
  };
}

export function respondentFor(
  url: string,
  more: Partial<EndpointOptions> = {},
  coder?: TextCoder,
): EndpointRespondent {
  return endpointRespondent({
    options: optionsFor(url, { ...more, ...(coder && { tokenizer: "tokenizer" }) }),
    ...(coder && { coder }),
    env: { TEST_KEY: key },
    stop: { stopped: false },
  });
}

/** In the order of the requests. */
export async function all<A>(answers: AsyncIterable<Answered<A>>): Promise<(A | { error: string })[]> {
  const found: (A | { error: string })[] = [];
  for await (const { place, answer } of answers) found[place] = answer;
  return found;
}
