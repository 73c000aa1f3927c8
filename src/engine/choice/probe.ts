import { fork } from "node:child_process";
import { extname } from "node:path";
import type { DeviceName } from "../devices/index.ts";

/** The result of trying a device. */
export type Probe =
  | { isUsable: true; gflopPerSecond: number }
  | { isUsable: false; reason: string; advice: string };

const timeoutMs = 30_000;

/**
 * Opens a device in another process and measures a matrix product there, because a driver may print, hang or
 * abort the process that tries it.
 */
export async function probeDevice(name: DeviceName): Promise<Probe> {
  const program = new URL(`./probe-process${extname(import.meta.filename)}`, import.meta.url);
  return new Promise((resolve) => {
    const child = fork(program, [name], { stdio: "ignore", timeout: timeoutMs, execArgv: [] });
    child.once("message", (probe) => resolve(probe as Probe));
    const fail = (reason: string) =>
      resolve({ isUsable: false, reason, advice: "Its driver may be broken: choose another device." });
    child.once("error", ({ message }) => fail(`expected a process to try it in, got ${message}`));
    child.once("exit", (code, signal) =>
      fail(`expected an answer, got an end by ${signal ?? `code ${code}`}`),
    );
  });
}
