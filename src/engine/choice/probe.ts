import { fork } from "node:child_process";
import { extname } from "node:path";
import type { DeviceName } from "../devices/index.ts";

/** The result of trying a device. */
export type Probe =
  | { isUsable: true; gflopPerSecond: number }
  | { isUsable: false; reason: string; advice: string };

/**
 * Opens a device in another process and measures a matrix product there, because a driver may print, hang or
 * abort the process that tries it. On a busy machine a device that works may be too late, too.
 */
export async function probeDevice(name: DeviceName, timeoutMs = 30_000): Promise<Probe> {
  const program = new URL(`./probe-process${extname(import.meta.filename)}`, import.meta.url);
  return new Promise((resolve) => {
    const child = fork(program, [name], { stdio: "ignore", timeout: timeoutMs, execArgv: [] });
    child.once("message", (probe) => resolve(probe as Probe));
    const fail = (reason: string, advice = "Its driver may be broken: choose another device.") =>
      resolve({ isUsable: false, reason, advice });
    child.once("error", ({ message }) => fail(`expected a process to try it in, got ${message}`));
    child.once("exit", (code, signal) => {
      // By the timeout; a process that ends by itself, or is killed by others, is not `killed`.
      if (child.killed) fail(`expected an answer within ${timeoutMs / 1000} s, got none`, busyOrHangs);
      else fail(`expected an answer, got an end by ${signal ?? `code ${code}`}`);
    });
  });
}

const busyOrHangs =
  "The machine may be busy: try again when it is not. Else its driver hangs: choose another device.";
