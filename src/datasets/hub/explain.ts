import { DataError } from "../../errors.ts";
import { HubFailure } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/**
 * Turns a HubFailure, or an answer that is not JSON, into a message for the user: what was expected, what
 * came, what to do. Other errors stay as they are.
 */
export function explainFailure(
  error: unknown,
  where: { repo: string; revision?: string; file?: string },
  { endpoint, token }: HubSettings,
): unknown {
  const { repo, revision, file } = where;
  const page = `${endpoint}/datasets/${repo}`;
  const place = `hub ${repo}${file === undefined ? "" : ` ${file}`}`;
  if (error instanceof SyntaxError) {
    return new DataError(
      `${place}: expected JSON from ${endpoint}, got something else (${error.message}). Is something ` +
        "between that wants a login, or HF_ENDPOINT no Hub?",
    );
  }
  if (!(error instanceof HubFailure)) return error;
  const { status, errorCode, message } = error;
  const login = token
    ? "HF_TOKEN is set, but its account may not read this"
    : "Set HF_TOKEN to a token of an account that may (https://huggingface.co/settings/tokens)";
  if (errorCode === "GatedRepo" || (status === 403 && errorCode !== "RepoNotFound")) {
    return new DataError(
      `${place}: expected access, got ${message}: the dataset is gated or not yours to read. Ask for ` +
        `access at ${page}. ${login}.`,
    );
  }
  if (status === 401 && errorCode !== "RepoNotFound")
    return new DataError(`${place}: expected access, got ${message}. ${login}.`);
  if (errorCode === "RevisionNotFound") {
    return new DataError(
      `${place}: expected a branch, tag or commit, got ${JSON.stringify(revision)}, which ${page} ` +
        "does not have.",
    );
  }
  if (status === 404 && file !== undefined) {
    return new DataError(
      `${place}: expected the file that the Hub lists, got ${message}. Run again, or give a newer ` +
        "commit as revision.",
    );
  }
  if (status === 401 || status === 404) {
    return new DataError(
      `${place}: expected a dataset that exists, got ${message} at ${page}. Check its name ` +
        `(${endpoint}/datasets?search=${encodeURIComponent(repo.split("/").at(-1)!)}); if it is ` +
        `private: ${login}.`,
    );
  }
  if (status === 429) {
    const hint = token ? "Wait a while" : "Wait a while, or set HF_TOKEN, which allows more requests";
    return new DataError(
      `${place}: expected an answer, got ${message}: too many requests. ${hint}, then run again.`,
    );
  }
  if (status === 0) {
    return new DataError(
      `${place}: expected an answer from ${endpoint}, got ${message}. Check the network and ` +
        "HF_ENDPOINT, then run again; HF_HUB_OFFLINE=1 uses what is in the cache.",
    );
  }
  return new DataError(`${place}: expected an answer, got ${message} from ${endpoint}. Run again later.`);
}
