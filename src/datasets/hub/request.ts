import { setTimeout as wait } from "node:timers/promises";
import { Stopped, type StopSignal } from "../../contracts/events.ts";
import type { HubSettings } from "./settings.ts";

/**
 * A request to the Hub that failed; `status` 0 means that no answer came. Contains no signed address and no
 * token.
 */
export class HubFailure extends Error {
  readonly status: number;
  /** The Hub's own name for it: RepoNotFound, GatedRepo, RevisionNotFound, EntryNotFound … */
  readonly errorCode: string;
  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.name = "HubFailure";
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** Failures of a machine without a network: to ask again and again would only hide them. */
const triesOf: Readonly<Record<string, number>> = { ENOTFOUND: 1, EAI_AGAIN: 2, ECONNREFUSED: 3 };

/** A run does not wait longer than this. */
const maxRetryAfterMs = 120_000;

/**
 * `fetch` that tries again: busy or failing servers (429, 500, 502, 503, 504) and broken connections are
 * asked again after `Retry-After` or a doubling delay. A request that changes something is repeated only
 * where the server did nothing (429, 503). `isWhole`: reads the whole answer, for small ones, so that an
 * answer that breaks off or stops coming is asked for again, too. Throws HubFailure for any other failure,
 * Stopped when asked to stop.
 */
export function hubFetch(settings: HubSettings, stop: StopSignal, isWhole = false): typeof fetch {
  return async (input, init) => {
    const reads = (init?.method ?? "GET") === "GET";
    for (let attempt = 1; ; attempt++) {
      if (stop.stopped) throw new Stopped();
      const failure = await tryOnce(input, init, reads ? settings.timeoutMs : undefined, isWhole);
      if (failure instanceof Response) return failure;
      const again = reads ? [0, 429, 500, 502, 503, 504] : [429, 503];
      const delayMs = failure.retryAfterMs ?? settings.retryDelayMs * 2 ** (attempt - 1);
      const most = Math.min(settings.attempts, triesOf[failure.message] ?? settings.attempts);
      const isLast = attempt >= most || delayMs > maxRetryAfterMs;
      if (!again.includes(failure.status) || isLast) {
        const tries = attempt > 1 ? ` after ${attempt} tries` : "";
        throw new HubFailure(failure.status, failure.errorCode, `${failure.message}${tries}`);
      }
      await pause(delayMs, stop);
    }
  };
}

interface Failure {
  status: number;
  errorCode: string;
  message: string;
  retryAfterMs?: number;
}

async function tryOnce(
  input: string | URL | Request,
  init: RequestInit | undefined,
  timeoutMs: number | undefined,
  isWhole: boolean,
): Promise<Response | Failure> {
  const silence = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => silence.abort(), timeoutMs);
  const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
  try {
    const response = await fetch(input, { ...init, signal });
    if (response.ok) {
      if (!isWhole) return response;
      const { status, headers } = response;
      return new Response(await response.arrayBuffer(), { status, headers });
    }
    const said = response.headers.get("x-error-message") ?? "";
    await response.body?.cancel();
    const retryAfterMs = retryAfter(response.headers.get("retry-after"));
    return {
      status: response.status,
      errorCode: response.headers.get("x-error-code") ?? "",
      message: `${response.status}${said === "" ? "" : ` (${said.slice(0, 200)})`}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    return { status: 0, errorCode: "", message: silence.signal.aborted ? "no answer" : causeOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The code or message of a broken connection, which fetch hides in `cause`. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code } = (cause ?? error) as NodeJS.ErrnoException;
  return typeof code === "string" ? code : message;
}

/** A Retry-After header in milliseconds; it has seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Waits, and watches the stop signal meanwhile. */
export async function pause(delayMs: number, stop: StopSignal): Promise<void> {
  for (let left = delayMs; left > 0; left -= 100) {
    if (stop.stopped) throw new Stopped();
    await wait(Math.min(left, 100));
  }
}
