import { ZebraError } from "../errors.ts";

/** An error as it is passed between threads: what the user reads, and the stack for debugging. */
export interface Failure {
  code: string;
  message: string;
  stack: string;
}

/**
 * Describes any thrown value to the user. Errors of other libraries keep their text and say their type.
 * `folder`: where it was writing, for a full disk that is found in an open file: the error names no path
 * then.
 */
export function describeFailure(error: unknown, folder?: string): Failure {
  if (error instanceof ZebraError)
    return { code: error.code, message: error.message, stack: error.stack ?? "" };
  if (!(error instanceof Error))
    return { code: "E_INTERNAL", message: `unexpected error: ${String(error)}`, stack: "" };
  const stack = error.stack ?? "";
  const system = error as NodeJS.ErrnoException;
  if (system.code !== undefined && system.syscall !== undefined)
    return { code: system.code, message: systemMessage(system, folder), stack };
  const said = ofDuckDB(error.message);
  if (said !== null) return { ...said, message: systemMessage(said), stack };
  const message =
    `unexpected ${error.name}: ${error.message}\nThis is a defect of zebratune; ZEBRA_DEBUG=1 shows ` +
    "where.";
  return { code: "E_INTERNAL", message, stack };
}

type SystemError = Omit<NodeJS.ErrnoException, "name"> & { code: string };

/** The file system error that DuckDB reports in its own words; null for its other errors. */
function ofDuckDB(message: string): SystemError | null {
  const [, path, words = ""] = /^IO Error: [^"]*"([^"]+)".*: ([^:]+)$/.exec(message) ?? [];
  const code = duckdbWords[words];
  return path === undefined || code === undefined ? null : { code, path, message };
}

/** As strerror of Linux and macOS writes them. */
const duckdbWords: Readonly<Record<string, string>> = {
  "No space left on device": "ENOSPC",
  "Disk quota exceeded": "EDQUOT",
  "Disc quota exceeded": "EDQUOT",
  "Permission denied": "EACCES",
  "Read-only file system": "EROFS",
  "Too many open files": "EMFILE",
};

function systemMessage(error: Omit<NodeJS.ErrnoException, "name">, folder?: string): string {
  const where = error.path === undefined ? "" : `${error.path}: `;
  if (error.code === "ENOSPC" || error.code === "EDQUOT")
    return `${where || (folder ? `${folder}: ` : "")}expected room on the disk, got none left. Free some, then run it again.`;
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return (
      `${where}expected to be allowed to ${error.syscall ?? "use"} it, got ${error.code}. Check its ` +
      "permissions."
    );
  }
  // Parent folders are created too, so nothing can be missing. Node reports a read-only disk like this.
  if (error.code === "ENOENT" && error.syscall === "mkdir")
    return `${where}expected a place where a folder can be made, got ENOENT. Is the disk read-only?`;
  if (error.code === "EMFILE" || error.code === "ENFILE")
    return (
      `${where}expected to open one more file, got ${error.code}. Raise the limit (ulimit -n), then run ` +
      "it again."
    );
  return `${where}${error.message}`;
}
