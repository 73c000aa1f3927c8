import { CommanderError } from "commander";
import { ZebraError } from "../errors.ts";
import { describeFailure } from "../run/failure.ts";

export const exitCode = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** A command line that cannot be carried out as it is: exit code 2. */
export class UsageError extends ZebraError {
  constructor(message: string) {
    super("E_USAGE", message);
  }
}

const usageCodes = new Set(["E_USAGE", "E_CONFIG"]);

/** Exit code of a failure with this code. */
export function exitCodeOf(code: string): number {
  return usageCodes.has(code) ? exitCode.usage : exitCode.failed;
}

/** True when the user asked to see where errors come from. */
export function isDebug(): boolean {
  return process.env.ZEBRA_DEBUG === "1";
}

/** Says on stderr what went wrong (the message; with ZEBRA_DEBUG=1 the stack too) and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message, or the help that was asked for.
    return error.exitCode === 0 || error.code === "commander.help" ? exitCode.ok : exitCode.usage;
  }
  const { code, message, stack } = describeFailure(error);
  process.stderr.write(`zebra: ${message}\n`);
  if (isDebug()) process.stderr.write(`${stack}\n`);
  return exitCodeOf(code);
}

/** Lets what was written reach its reader, then ends the process whatever is still open. */
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
