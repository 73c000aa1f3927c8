import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";

const zebra = join(packageRoot(), "src", "cli", "zebra.ts");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the real command as its own process, from source, with the package as its working directory. */
export function startZebra(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { NO_COLOR: _, FORCE_COLOR: __, npm_lifecycle_event: ___, ...rest } = process.env;
  return spawn(process.execPath, [zebra, ...args], { cwd: packageRoot(), env: { ...rest, ...env } });
}

/** Waits for the end of a process, collecting what it writes. */
export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs the command to its end. */
export function runZebra(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return ended(startZebra(args, env));
}

/** Resolves once the process has written this to stdout. */
export function seen(child: ChildProcess, text: string): Promise<void> {
  let stdout = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes(text)) resolve();
    });
    child.on("close", () =>
      reject(new Error(`expected ${text} on stdout, got the end of the process:\n${stdout}`)),
    );
  });
}
