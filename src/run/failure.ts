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
  if (system.code !== undefined && system.syscall !== undefined) {
    return { code: system.code, message: systemMessage(system), stack };
  }
  const message = `unexpected ${error.name}: ${error.message}\nThis is a defect of zebratune; ZEBRA_DEBUG=1 shows where.`;
  return { code: "E_INTERNAL", message, stack };
}

function systemMessage(error: NodeJS.ErrnoException): string {
  const where = error.path === undefined ? "" : `${error.path}: `;
  if (error.code === "ENOSPC")
    return `${where}expected room on the disk, got none left. Free some, then run it again.`;
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return `${where}expected to be allowed to ${error.syscall ?? "use"} it, got ${error.code}. Check its permissions.`;
  }
  return `${where}${error.message}`;
}
