import type { StopSignal } from "../../../contracts/events.ts";
import type { EndpointOptions } from "../../../contracts/recipe/endpoint.ts";
import { endpointOf } from "../../../datasets/endpoint/address.ts";
import { createClient } from "../../../datasets/endpoint/client.ts";
import { costLimit, type Spending, type TokenUse } from "../../../datasets/endpoint/cost-limit.ts";
import { limiter } from "../../../datasets/endpoint/limiter.ts";
import { hopelessStatuses } from "../../../datasets/endpoint/statuses.ts";
import { type Completion, parseAnswer } from "./completion.ts";

/**
 * After so many requests in a row without an answer, the next ones are not sent. A server that never gave one
 * is left after the first that went out together: each may have cost several timeouts.
 */
const maxRefusalsInRow = 20;

const charsPerToken = 3;

export interface Asker {
  /** `estimate`: the tokens it may cost at most. An error is a text without keys. */
  ask(fields: object, estimate: TokenUse): Promise<Completion | { error: string }>;
  /** Why no request is sent any more; undefined while they are. */
  closed(): string | undefined;
  spending(): Spending;
}

/** Asks an endpoint, within `concurrency` and `max_cost`. Throws Stopped on request. */
export function createAsker(options: EndpointOptions, env: NodeJS.ProcessEnv, stop: StopSignal): Asker {
  const { url, model, kind, api_key_env: keyName, price_per_million_tokens: price, max_cost } = options;
  const limit = costLimit(price, max_cost);
  const slot = limiter(options.concurrency);
  const expected = kind === "chat" ? "a chat completion" : "a completion";
  const send = createClient({
    endpoint: endpointOf(url, keyName, env, kind === "chat" ? "chat/completions" : "completions"),
    parse: parseAnswer(kind),
    expected,
    maxRetries: options.max_retries,
    retryDelayMs: options.retry_delay_seconds * 1000,
    timeoutMs: options.timeout_seconds * 1000,
    stop,
    retried: limit.retried,
  });
  let inRow = 0;
  let hasAnswered = false;
  let closed: string | undefined;

  async function askNow(body: string, estimate: TokenUse): Promise<Completion | { error: string }> {
    if (closed !== undefined) return { error: closed };
    if (!limit.hold(estimate)) {
      return {
        error:
          `eval.endpoint.max_cost: expected all requests to cost no more than ${max_cost}, got ` +
          `${limit.spent()} so far, and this one may go over. Raise max_cost, or ask fewer with limit`,
      };
    }
    let usage: TokenUse | undefined | null = null;
    try {
      const reply = await send(body);
      if (!("status" in reply)) {
        [inRow, usage, hasAnswered] = [0, reply.usage, true];
        return reply;
      }
      const { status, message } = reply;
      const error = `expected ${expected} from ${url}, got ${message}`;
      if (hopelessStatuses.includes(status) || (status >= 300 && status < 400)) {
        closed = `${error}. Check url, model and the key in ${keyName}`;
        return { error: closed };
      }
      // What is wrong with one request (400: too long) says nothing about the next.
      if (status >= 400 && status < 500 && ![408, 409, 429].includes(status)) {
        hasAnswered = true;
        return { error };
      }
      if (++inRow >= (hasAnswered ? maxRefusalsInRow : Math.min(maxRefusalsInRow, options.concurrency))) {
        closed = `${error}, for request ${inRow} in a row. Check that the server runs and takes these requests`;
      }
      return { error };
    } finally {
      limit.settle(estimate, usage);
    }
  }

  return {
    ask(fields, estimate) {
      const whole = { model, ...fields, ...options.request };
      const body = JSON.stringify(
        Object.fromEntries(
          Object.entries(whole).filter(([, value]) => value !== null && value !== undefined),
        ),
      );
      return slot(() => askNow(body, estimate));
    },
    closed: () => closed,
    spending: limit.spending,
  };
}

/** The most tokens that a prompt is expected to have. */
export function estimateOf(prompt: string | readonly number[]): number {
  return typeof prompt === "string" ? Math.ceil(prompt.length / charsPerToken) : prompt.length;
}
