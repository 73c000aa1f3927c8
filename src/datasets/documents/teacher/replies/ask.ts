import type { StopSignal } from "../../../../contracts/events.ts";
import { DataError } from "../../../../errors.ts";
import type { Endpoint } from "../../../endpoint/address.ts";
import { createClient, type Refusal } from "../../../endpoint/client.ts";
import { limiter } from "../../../endpoint/limiter.ts";
import { hopelessStatuses } from "../../../endpoint/statuses.ts";
import type { TeacherOptions } from "../options.ts";
import type { TeacherRequest } from "../request.ts";
import { parseCompletion, type Reply } from "./reply.ts";
import type { ReplyCache } from "./reply-cache.ts";
import type { Meter } from "./usage.ts";

/** After so many documents in a row without a reply, the next ones are not tried. */
const maxRefusalsInRow = 20;

export interface AskOptions {
  /** Place in the recipe, for messages. */
  where: string;
  endpoint: Endpoint;
  options: TeacherOptions;
  cache: ReplyCache;
  meter: Meter;
  /**
   * Requests that were refused in this run: a source may be read several times and must give the same each
   * time.
   */
  refused: Map<string, Refusal>;
  stop: StopSignal;
}

/**
 * A function that gives the reply to a request: from the cache, else from the endpoint (at most `concurrency`
 * at a time), whose replies go into the cache. A refusal concerns this document alone. Throws DataError where
 * going on makes no sense (wrong key, wrong model, `max_cost` reached, endpoint down), Stopped on request.
 * Every reply that was paid for is in the cache.
 */
export function createAsker(given: AskOptions): (request: TeacherRequest) => Promise<Reply | Refusal> {
  const { options, cache, meter, refused } = given;
  const slot = limiter(options.concurrency);
  const askEndpoint = endpointAsker(given);
  const underWay = new Map<string, Promise<Reply | Refusal>>();
  /** Resolves when what earlier requests find in the cache is counted. */
  let looked: Promise<unknown> = Promise.resolve();

  async function lookUp(request: TeacherRequest): Promise<Reply | undefined> {
    const cached = await cache.read(request.key);
    if (cached) meter.count(request, cached, "cache");
    return cached;
  }

  async function ask(request: TeacherRequest): Promise<Reply | Refusal> {
    const refusal = refused.get(request.key);
    if (refusal) return refusal;
    const [before, look] = [looked, lookUp(request)];
    looked = Promise.allSettled([before, look]);
    const cached = await look;
    if (cached) return cached;
    // Else this one could be paid for while replies that count against `max_cost` are still being read.
    await before;
    return slot(() => askEndpoint(request));
  }

  return (request) => {
    // Two identical rows are one request.
    const asked = underWay.get(request.key) ?? ask(request).finally(() => underWay.delete(request.key));
    underWay.set(request.key, asked);
    return asked;
  };
}

/**
 * A function that asks the endpoint, within `max_cost`, and notes what came: a reply in the cache, or a
 * refusal.
 */
function endpointAsker(given: AskOptions): (request: TeacherRequest) => Promise<Reply | Refusal> {
  const { where, endpoint, options, cache, meter, refused, stop } = given;
  const send = createClient({
    endpoint,
    parse: parseCompletion,
    expected: "a chat completion",
    maxRetries: options.max_retries,
    retryDelayMs: options.retry_delay_seconds * 1000,
    timeoutMs: options.timeout_seconds * 1000,
    stop,
    retried: meter.retried,
  });
  let inRow = 0;
  return async (request) => {
    if (!meter.reserve(request)) {
      throw new DataError(
        `${where}.max_cost: expected the replies to cost no more than ${options.max_cost}, got ` +
          `${meter.usage().made.cost} so far, and the next request may go over. Raise max_cost, or ` +
          "lower documents or max_tokens, then run again: replies so far are in the cache.",
      );
    }
    try {
      const reply = await send(request.body);
      if ("status" in reply) {
        inRow++;
        throwIfHopeless(reply, inRow, given);
        refused.set(request.key, reply);
        return reply;
      }
      inRow = 0;
      await cache.write(request.key, reply);
      meter.count(request, reply, "endpoint");
      return reply;
    } finally {
      meter.release(request);
    }
  };
}

/** Throws DataError for a refusal, `inRow` of them by now, after which going on makes no sense. */
function throwIfHopeless(
  { status, message }: Refusal,
  inRow: number,
  { where, endpoint, options }: AskOptions,
): void {
  const expected = `${where}: expected a reply from ${endpoint.url}`;
  const again = "Then run again: replies so far are in the cache.";
  if (hopelessStatuses.includes(status)) {
    throw new DataError(
      `${expected}, got ${message}. Check endpoint, model and the key in ${options.api_key_env}. ${again}`,
    );
  }
  if (inRow >= maxRefusalsInRow) {
    throw new DataError(
      `${expected}, got none for ${inRow} documents in a row, last: ${message}. ` +
        `Check that the server runs and takes these requests. ${again}`,
    );
  }
}
