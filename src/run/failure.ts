import { ZebraError } from "../errors.ts";

/** An error as it crosses threads: what a user reads, and the stack for those who asked for it. */
export interface Failure {
  code: string;
  message: string;
  stack: string;
}

/** What to tell the user about any thrown value. Errors that are not ours are told as they are, with their kind. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ZebraError)
    return { code: error.code, message: error.message, stack: error.stack ?? "" };
  if (!(error instanceof Error))
    return { code: "E_INTERNAL", message: `unexpected error: ${String(error)}`, stack: "" };
  const stack = error.stack ?? "";
  const system = error as NodeJS.ErrnoException;
  if (system.code !== undefined && system.syscall !== undefined)
    return { code: system.code, message: systemMessage(system), stack };
  const said = ofDuckDB(error.message);
  if (said !== null) return { ...said, message: systemMessage(said), stack };
  const message = `unexpected ${error.name}: ${error.message}\nThis is a defect of zebratune; ZEBRA_DEBUG=1 shows where.`;
  return { code: "E_INTERNAL", message, stack };
}

type SystemError = Omit<NodeJS.ErrnoException, "name"> & { code: string };

/** DuckDB's words for what the file system said; null for everything else that it says. */
function ofDuckDB(message: string): SystemError | null {
  const [, path, words = ""] = /^IO Error: [^"]*"([^"]+)".*: ([^:]+)$/.exec(message) ?? [];
  const code = duckdbWords[words];
  return path === undefined || code === undefined ? null : { code, path, message };
}

/** strerror of Linux and macOS. */
const duckdbWords: Readonly<Record<string, string>> = {
  "No space left on device": "ENOSPC",
  "Disk quota exceeded": "EDQUOT",
  "Disc quota exceeded": "EDQUOT",
  "Permission denied": "EACCES",
  "Read-only file system": "EROFS",
  "Too many open files": "EMFILE",
};

function systemMessage(error: Omit<NodeJS.ErrnoException, "name">): string {
  const where = error.path === undefined ? "" : `${error.path}: `;
  if (error.code === "ENOSPC" || error.code === "EDQUOT")
    return `${where}expected room on the disk, got none left. Free some, then run it again.`;
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return `${where}expected to be allowed to ${error.syscall ?? "use"} it, got ${error.code}. Check its permissions.`;
  }
  // Folders above it are made too, so nothing can be missing: Node says so of a disk that cannot be written to.
  if (error.code === "ENOENT" && error.syscall === "mkdir")
    return `${where}expected a place where a folder can be made, got ENOENT. Is the disk read-only?`;
  if (error.code === "EMFILE" || error.code === "ENFILE")
    return `${where}expected to open one more file, got ${error.code}. Raise the limit (ulimit -n), then run it again.`;
  return `${where}${error.message}`;
}
