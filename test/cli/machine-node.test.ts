import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/package-root.ts";

/** Another Node than the one that runs the tests, which package.json pins; users have older ones. */
const node = process.env.ZEBRA_MACHINE_NODE;
const reason = node ? "" : " (skipped: ZEBRA_MACHINE_NODE names no other Node)";

it.skipIf(!node)(`the built command does the whole job on the machine's own Node${reason}`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "zebra-node-"));
  const zebra = (...args: string[]) =>
    promisify(execFile)(node!, [packagePath("dist", "src", "cli", "zebra.js"), ...args], {
      cwd: packageRoot(),
    });
  const recipe = [
    "recipes/quickstart.yaml",
    `output_dir=${folder}`,
    "mix.order=curriculum",
    "mix.budget_tokens=60000",
    "mix.validation_tokens=8192",
    "finetune.max_steps=2",
    "eval.benchmarks=[{ name: perplexity, limit: 2 }, { name: multiple-choice, limit: 2 }]",
  ];
  try {
    expect((await zebra("run", ...recipe)).stdout).toContain("run       done");
    expect((await zebra("inspect", ...recipe)).stdout).toContain("world-factbook");
    expect((await zebra("doctor")).stdout).toContain("Everything that is needed works.");
  } finally {
    await rm(folder, { recursive: true });
  }
});
