import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";

it("the example of docs/coming-from.md answers what is printed there", async () => {
  const text = readFileSync(packagePath("docs", "coming-from.md"), "utf8");
  const [, config, answer] = /```yaml\n([\s\S]*?)```[\s\S]*?```\n([\s\S]*?)```/.exec(text) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "zebra-import-"));
  await writeFile(join(folder, "axolotl.yaml"), config!);
  const zebra = packagePath("src", "cli", "zebra.ts");
  const args = [zebra, "import-recipe", "axolotl.yaml"];
  // In a folder of its own: what is missing is guessed from the files beside it.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  await rm(folder, { recursive: true });
  expect(stdout).toBe(answer);
});
