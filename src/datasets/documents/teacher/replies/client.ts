import { Stopped, type StopSignal } from "../../../../contracts/events.ts";
import { causeOf, pause, retryAfter } from "../../../hub/request.ts";
import type { Endpoint } from "./endpoint.ts";
import { parseCompletion, parseJson, type Reply } from "./reply.ts";

/** What came instead of a reply, without keys; `status` 0 means no complete answer. */
export interface Refusal {
  status: number;
  message: string;
}

export interface ClientOptions {
  endpoint: Endpoint;
  maxRetries: number;
  retryDelayMs: number;
  timeoutMs: number;
  stop: StopSignal;
  /** Called at each further try. */
  retried(): void;
}

/** A run does not wait longer than this. */
const maxRetryAfterMs = 300_000;
const maxBackoffMs = 60_000;
const maxReplyBytes = 32 << 20;

/**
 * Posts chat completions. Busy and failing servers (408, 409, 429, 5xx), broken connections, timeouts and
 * answers that are not completions are tried again after Retry-After or a doubling delay; a Retry-After
 * delays all requests. Throws Stopped between tries. A request under way may finish, because it is paid for.
 */
export function createClient(options: ClientOptions): (body: string) => Promise<Reply | Refusal> {
  const { maxRetries, retryDelayMs, stop } = options;
  let notBeforeMs = 0;
  return async (body) => {
    for (let attempt = 0; ; attempt++) {
      while (notBeforeMs > Date.now()) await pause(notBeforeMs - Date.now(), stop);
      if (stop.stopped) throw new Stopped();
      const { retryAfterMs, ...outcome } = await post(body, options);
      if (!("status" in outcome)) return outcome;
      const { status, message } = outcome;
      const again = status === 0 || [408, 409, 429].includes(status) || status >= 500;
      const tries = attempt > 0 ? ` after ${attempt + 1} tries` : "";
      if (!again || attempt >= maxRetries || (retryAfterMs ?? 0) > maxRetryAfterMs) {
        return { status, message: `${message}${tries}` };
      }
      options.retried();
      if (retryAfterMs === undefined) await pause(Math.min(maxBackoffMs, retryDelayMs * 2 ** attempt), stop);
      else notBeforeMs = Math.max(notBeforeMs, Date.now() + retryAfterMs);
    }
  };
}

type Outcome = (Reply | Refusal) & { retryAfterMs?: number };

async function post(body: string, { endpoint, timeoutMs }: ClientOptions): Promise<Outcome> {
  const { url, apiKey } = endpoint;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body,
      // The key and the document must go nowhere but to the recipe's endpoint.
      redirect: "error",
      signal,
    });
    const text = await readText(response);
    if (text === null) return { status: 0, message: `a reply of over ${maxReplyBytes} bytes` };
    if (!response.ok) {
      const retryAfterMs = retryAfter(response.headers.get("retry-after"));
      const { status } = response;
      return {
        status,
        message: `${status}${said(status, text, apiKey)}`,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      };
    }
    return parseCompletion(text) ?? { status: 0, message: "a reply that is no chat completion" };
  } catch (error) {
    return {
      status: 0,
      message: signal.aborted ? `no reply within ${timeoutMs / 1000} s` : causeOf(error),
    };
  }
}

/** The body as text, or null when it is too large. */
async function readText(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let [text, sizeBytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (sizeBytes > maxReplyBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The server's own message; none for errors about keys, which may show part of a key. */
function said(status: number, body: string, apiKey: string | undefined): string {
  if (status === 401 || status === 403) return "";
  const { error } = Object(parseJson(body)) as { error?: { message?: unknown } | string };
  const message = typeof error === "string" ? error : error?.message;
  if (typeof message !== "string") return "";
  const safe = apiKey === undefined ? message : message.replaceAll(apiKey, "…");
  return ` (${safe.slice(0, 150).toWellFormed()})`;
}
