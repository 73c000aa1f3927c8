import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { packagePath } from "../package-root.ts";
import { stopSignals } from "./stop-signals.ts";

/** The oldest Node that zebratune runs on, from `engines` in package.json. */
export const minNode = readMinNode();

/** Whether zebratune runs on this Node version (`22.15.0`). */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [minMajor = 0, minMinor = 0] = minNode.split(".").map(Number);
  return major > minMajor || (major === minMajor && minor >= minMinor);
}

/** The Node that `npm ci` installs in a clone, as package.json pins it; undefined where there is none. */
export function pinnedNode(): string | undefined {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const path = packagePath("node_modules", "node", "bin", name);
  return existsSync(path) ? path : undefined;
}

/** Set for the process that stands in for another one. */
const standsIn = "ZEBRA_STANDS_IN";

/**
 * Runs a script on another Node in place of this process, with the same terminal or pipes. Signals are passed
 * on, and what cannot be passed on (kill -9) ends the other as well: see `endWithParent`. This process then
 * ends with the same exit code or signal.
 */
export function runOnNode(node: string, args: readonly string[]): Promise<void> {
  const child = spawn(node, [...process.execArgv, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [standsIn]: "1" },
  });
  const handOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of stopSignals) process.on(signal, handOn);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const each of stopSignals) process.off(each, handOn);
      if (signal !== null) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/** In a process that stands in for another one: dies when the other was killed, as if it were the other. */
export function endWithParent(): void {
  if (process.env[standsIn] === undefined) return;
  delete process.env[standsIn];
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // Waiting for that alone keeps no process alive.
  process.channel?.unref();
}

function readMinNode(): string {
  const { engines } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as {
    engines: { node: string };
  };
  return engines.node.replace(/^>=/, "");
}
