import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockRun } from "../../../src/run/state/lock.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-lock-"));
  path = join(folder, "run.lock");
});
afterEach(() => rm(folder, { recursive: true }));

it("is held once, and free again after its release", async () => {
  const lock = await lockRun(folder);
  await expect(lockRun(folder)).rejects.toMatchObject({
    code: "E_LOCKED",
    message: expect.stringContaining(`got one by process ${process.pid}`),
  });
  await lock.release();
  expect(existsSync(path)).toBe(false);
  await (await lockRun(folder)).release();
});

it("of a process that is gone is taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(path, JSON.stringify({ pid, host: hostname(), id: "dead" }));
  await using _lock = await lockRun(folder);
  expect(await readdir(folder)).toEqual(["run.lock"]);
});

it.runIf(process.platform === "linux")(
  "of a zombie is taken over: killed, but its parent has not waited for it",
  async () => {
    // The parent stops itself, so it never reaps the child that it has killed.
    const script = "sleep 100 & kill -9 $!; echo $!; kill -STOP $$";
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      await writeFile(path, JSON.stringify({ pid: Number(text), host: hostname(), id: "zombie" }));
      await using _lock = await lockRun(folder);
      expect(await readdir(folder)).toEqual(["run.lock"]);
    } finally {
      parent.kill("SIGKILL");
    }
  },
);

it("cut short by a crash is taken over", async () => {
  await writeFile(path, '{"pid": 1');
  await using _lock = await lockRun(folder);
  expect(await readdir(folder)).toEqual(["run.lock"]);
});

it("of another host is held: its process cannot be seen from here", async () => {
  await writeFile(path, JSON.stringify({ pid: 1, host: "elsewhere", id: "x" }));
  await expect(lockRun(folder)).rejects.toThrow("process 1 of host elsewhere");
});

it("of many who want it at once, one gets it", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(path, JSON.stringify({ pid, host: hostname(), id: "dead" }));
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)));
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
});
