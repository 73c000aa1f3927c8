import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { runZebra } from "../spawn.ts";

const hasShell = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

async function script(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runZebra(["completion", shell]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe.runIf(hasShell("bash"))("in bash", async () => {
  const source = await script("bash");
  /** What Tab offers behind these words, the last of which is being typed. */
  const offered = (...words: string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const run = `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; compopt() { :; }; _zebra; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", `${source}\n${run}`], { encoding: "utf8" })
      .trim()
      .split("\n");
  };

  it("commands, options, recipes and keys are completed", () => {
    expect(offered("zebra", "co")).toEqual(["compare", "convert", "completion"]);
    expect(offered("zebra", "run", "--s")).toEqual(["--sweep"]);
    expect(offered("zebra", "run", "quicks")).toEqual(["quickstart"]);
    expect(offered("zebra", "run", "quickstart", "finetune.pack")).toEqual(["finetune.packs_per_step="]);
    expect(offered("zebra", "completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it("also behind npx, and files where no recipe is expected", () => {
    expect(offered("npx", "zebra", "plan", "pretr")).toEqual(["pretrain-nano"]);
    expect(offered("zebra", "convert", "package-l")).toEqual(["package-lock.json"]);
  });
});

it.each(["zsh", "fish"])("%s reads its script", async (shell) => {
  const source = await script(shell);
  expect(source).toContain("quickstart");
  expect(source).toContain("finetune.lr");
  if (!hasShell(shell)) return;
  expect(spawnSync(shell, ["-n"], { input: source, encoding: "utf8" }).stderr).toBe("");
});

it("another shell is refused with those that there are", async () => {
  const { code, stderr } = await runZebra(["completion", "tcsh"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Allowed choices are bash, zsh, fish.");
});
