import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runZebra } from "./spawn.ts";

const nano = "checkpoints/zebra-nano-lcat";

it("zebra convert says what a window costs until the model is adapted, and what to do next", async () => {
  const to = join(await mkdtemp(join(tmpdir(), "convert-")), "zebra");
  const { code, stdout } = await runZebra(["convert", nano, to, "--group", "3", "--window", "64"]);
  expect(code).toBe(0);
  expect(stdout.split("\n")[0]).toBe(to);
  expect(stdout).toContain("see 64 tokens now");
  expect(stdout).toContain("finetune: { objective: lcat }");
});

it("zebra convert to another number format says how to try the result", async () => {
  const to = join(await mkdtemp(join(tmpdir(), "convert-")), "half");
  const { code, stdout } = await runZebra(["convert", nano, to, "--dtype", "bfloat16"]);
  expect(code).toBe(0);
  expect(stdout).toBe(`${to}\n\nnext  zebra generate --checkpoint ${to} --prompt "..."\n`);
});
