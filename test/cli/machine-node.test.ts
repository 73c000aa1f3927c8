import { execFile, execFileSync, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isSupported } from "../../src/cli/node-version.ts";
import { packagePath, packageRoot } from "../../src/package-root.ts";
import { ended, seen } from "./spawn.ts";

/** Another Node than the one that runs the tests, which package.json pins; users have older ones. */
const node = process.env.ZEBRA_MACHINE_NODE;
const reason = node ? "" : " (skipped: ZEBRA_MACHINE_NODE names no other Node)";
const version = node ? execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).trim() : "";
const isOld = node !== undefined && !isSupported(version);
const oldReason = !node || isOld ? reason : ` (skipped: Node ${version} is new enough)`;

const command = ["dist", "src", "cli", "zebra.js"];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-node-"));
});
afterEach(() => rm(folder, { recursive: true }));

const quickstart = (dir: string): string[] => ["recipes/quickstart.yaml", `output_dir=${dir}`];

it.skipIf(!node)(`the built command does the whole job on the machine's own Node${reason}`, async () => {
  const zebra = (...args: string[]) =>
    promisify(execFile)(node!, [packagePath(...command), ...args], { cwd: packageRoot() });
  const recipe = [
    ...quickstart(folder),
    "mix.order=curriculum",
    "mix.budget_tokens=60000",
    "mix.validation_tokens=8192",
    "finetune.max_steps=2",
    "eval.benchmarks=[{ name: perplexity, limit: 2 }, { name: multiple-choice, limit: 2 }]",
  ];
  expect((await zebra("run", ...recipe)).stdout).toContain("run       done");
  expect((await zebra("inspect", ...recipe)).stdout).toContain("world-factbook");
  const { stdout } = await zebra("doctor");
  expect(stdout).toContain("Everything that is needed works.");
  expect(stdout).toContain(isOld ? "✓ Node.js    v24." : `✓ Node.js    v${version} `);
});

it.skipIf(!isOld)(`on an old Node a clone's own Node takes the signals${oldReason}`, async () => {
  const args = [packagePath(...command), "data", ...quickstart(folder), "--json"];
  const child = spawn(node!, args, { cwd: packageRoot() });
  const end = ended(child);
  await seen(child, '"stage.progress"');
  child.kill("SIGINT");
  const { code, stdout } = await end;
  expect(code).toBe(130);
  expect(stdout).toContain('"status":"stopped"');
});

it.skipIf(!isOld)(`on an old Node kill -9 leaves nobody behind who goes on${oldReason}`, async () => {
  const args = [packagePath(...command), "data", ...quickstart(folder), "--json"];
  const child = spawn(node!, args, { cwd: packageRoot() });
  await seen(child, '"stage.progress"');
  const [other] = execFileSync("ps", ["-o", "pid=", "--ppid", String(child.pid)], { encoding: "utf8" })
    .trim()
    .split(/\s+/)
    .map(Number);
  expect(other).toBeGreaterThan(0);
  child.kill("SIGKILL");
  const isThere = (): boolean => {
    try {
      process.kill(other!, 0);
      return !execFileSync("ps", ["-o", "stat=", "-p", String(other)], { encoding: "utf8" }).startsWith("Z");
    } catch {
      return false;
    }
  };
  await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
});

it.skipIf(!isOld)(`on an old Node alone the command says what it needs${oldReason}`, async () => {
  await cp(packagePath("dist"), join(folder, "dist"), { recursive: true });
  await cp(packagePath("package.json"), join(folder, "package.json"));
  expect(await ended(spawn(node!, [join(folder, ...command), "doctor"]))).toEqual({
    code: 1,
    stdout: "",
    stderr:
      `zebra: expected Node 22.15 or newer, got ${version}.\n` +
      "Install a newer one from https://nodejs.org. In a clone, npm ci brings one, which zebra then " +
      "runs on.\n",
  });
});
