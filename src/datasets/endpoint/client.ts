import { Stopped, type StopSignal } from "../../contracts/events.ts";
import { causeOf, pause, retryAfter } from "../hub/request.ts";
import type { Endpoint } from "./address.ts";
import { parseJson } from "./parse-json.ts";

/** What came instead of a reply, without keys; `status` 0 means no complete answer. */
export interface Refusal {
  status: number;
  message: string;
}

export interface ClientOptions<Reply> {
  endpoint: Endpoint;
  /** What is kept of a body, or null where it is not what was asked for. */
  parse(body: string): Reply | null;
  /** What was asked for, as "a chat completion". */
  expected: string;
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
 * Posts requests for completions. Busy and failing servers (408, 409, 429, 5xx), broken connections, timeouts
 * and answers that are not completions are tried again after Retry-After or a doubling delay; a Retry-After
 * delays all requests. Throws Stopped between tries. A request under way may finish, because it is paid for.
 */
export function createClient<Reply extends object>(
  options: ClientOptions<Reply>,
): (body: string) => Promise<Reply | Refusal> {
  const { maxRetries, retryDelayMs, stop } = options;
  let notBeforeMs = 0;
  return async (body) => {
    for (let attempt = 0; ; attempt++) {
      while (notBeforeMs > Date.now()) await pause(notBeforeMs - Date.now(), stop);
      if (stop.stopped) throw new Stopped();
      const outcome = await post(body, options);
      if ("reply" in outcome) return outcome.reply;
      const { status, message, retryAfterMs } = outcome;
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

type Outcome<Reply> = { reply: Reply } | (Refusal & { retryAfterMs?: number });

async function post<Reply>(
  body: string,
  { endpoint, timeoutMs, parse, expected }: ClientOptions<Reply>,
): Promise<Outcome<Reply>> {
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
      redirect: "manual",
      signal,
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      const to = URL.parse(response.headers.get("location") ?? "", url)?.host ?? "nowhere";
      return { status: response.status, message: `${response.status}, a redirect to ${to}, not followed` };
    }
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
    const reply = parse(text);
    return reply === null ? { status: 0, message: `a reply that is not ${expected}` } : { reply };
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
