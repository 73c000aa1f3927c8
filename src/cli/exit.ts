import { CommanderError } from "commander";
import { ZebraError } from "../errors.ts";
import { describeFailure } from "../run/failure.ts";
import { writeNote } from "./output/note.ts";

export const exitCode = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** A command line that cannot be carried out: exit code 2. */
export class UsageError extends ZebraError {
  constructor(message: string) {
    super("E_USAGE", message);
  }
}

const usageCodes = new Set(["E_USAGE", "E_CONFIG"]);

/** The exit code for an error code. */
export function exitCodeOf(code: string): number {
  return usageCodes.has(code) ? exitCode.usage : exitCode.failed;
}

/** True when the user wants to see stack traces. */
export function isDebug(): boolean {
  return process.env.ZEBRA_DEBUG === "1";
}

/** Writes the error's message to stderr (with ZEBRA_DEBUG=1 its stack too) and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already printed its message, or the help.
    return error.exitCode === 0 || error.code === "commander.help" ? exitCode.ok : exitCode.usage;
  }
  const { code, message, stack } = describeFailure(error);
  writeNote(message);
  if (isDebug()) process.stderr.write(`${stack}\n`);
  return exitCodeOf(code);
}

/** Waits until all output is written, then ends the process even if something is still running. */
export async function exit(code: number): Promise<never> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write("", () => resolve());
  });
}
