import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { python } from "../../bench/peers/python.ts";

/** What a script of this folder prints as its last line, as JSON; `dir` takes its request and its caches. */
export function askPeer<T>(script: string, dir: string, request: unknown): T {
  const path = join(dir, "request.json");
  writeFileSync(path, JSON.stringify(request));
  const { status, stdout, stderr } = spawnSync(
    python!,
    [fileURLToPath(new URL(script, import.meta.url)), path],
    {
      encoding: "utf8",
      env: { ...process.env, HF_HOME: join(dir, "hf"), HF_HUB_OFFLINE: "1", TRANSFORMERS_VERBOSITY: "error" },
    },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as T;
}
