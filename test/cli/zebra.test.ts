import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { deviceChoices } from "../../src/contracts/devices.ts";
import { packagePath } from "../../src/package-root.ts";
import { runZebra } from "./spawn.ts";

const { version } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string };

describe("help", () => {
  it.concurrent.each(Object.keys(commands))("of %s says what it does and shows examples", async (name) => {
    const { code, stdout, stderr } = await runZebra([name, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(new RegExp(`^Usage: zebra ${name} `));
    const examples = stdout.slice(stdout.indexOf("\nExamples:\n"));
    expect(examples).toContain(`zebra ${name}`);
  });

  it("alone lists every command", async () => {
    const { code, stdout } = await runZebra([]);
    expect(code).toBe(0);
    for (const name of Object.keys(commands)) expect(stdout).toContain(`\n  ${name} `);
    expect(stdout).toContain("zebra run quickstart");
  });

  it("--version is the package's", async () => {
    expect(await runZebra(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("a wrong command line exits with 2 and a message on stderr alone", () => {
  const cases: [string, string[], string][] = [
    ["an unknown command", ["rnu"], "error: unknown command 'rnu'\n(Did you mean run?)\n"],
    [
      "an unknown option",
      ["run", "x.yaml", "--plian"],
      "error: unknown option '--plian'\n(Did you mean --plain?)\n",
    ],
    ["no recipe", ["run"], "error: missing required argument 'recipe'\n"],
    [
      "two kinds of output",
      ["run", "x.yaml", "--plain", "--json"],
      "error: option '--json' cannot be used with option '--plain'\n",
    ],
    [
      "a recipe that is not there",
      ["mix", "no.yaml"],
      "zebra: no.yaml: 1 problem\n  - expected a YAML recipe, got no such file\nRecipes that ship with " +
        "zebratune and run by name: lcat-nano, pretrain-nano, quickstart, warm-nano. zebra init writes one for your own " +
        "files.\n",
    ],
    [
      "a folder that is no run",
      ["inspect", "recipes"],
      "zebra: recipes: expected a recipe or the folder of a run, got a folder without recipe.yaml\n",
    ],
    [
      "a checkpoint that is not there",
      ["generate", "--checkpoint", "nowhere", "--prompt", "x"],
      "zebra: --checkpoint nowhere: expected a checkpoint folder with config.json, got nothing at nowhere\n",
    ],
    [
      "a name on the Hub, to generate with",
      ["generate", "--checkpoint", "owner/name", "--prompt", "x"],
      "got a name on the Hugging Face Hub. Get it first: hf download owner/name --local-dir checkpoints/name",
    ],
    [
      "a name on the Hub, to convert",
      ["convert", "owner/name", "runs/never-made"],
      "got a name on the Hugging Face Hub. Get it first: hf download owner/name",
    ],
    [
      "a name on the Hub, to evaluate",
      ["eval", "quickstart", "--checkpoint", "a=owner/name"],
      "got a name on the Hugging Face Hub. Get it first: hf download owner/name",
    ],
    [
      "a name on the Hub, to start from",
      ["init", "never.yaml", "--data", "docs", "--base", "owner/name"],
      "got a name on the Hugging Face Hub. Get it first: hf download owner/name",
    ],
    [
      "a folder to convert that is not there",
      ["convert", "nowhere", "runs/never-made"],
      "zebra: convert nowhere: expected a checkpoint folder with config.json, got nothing at nowhere\n",
    ],
    [
      "a run to push that is not there",
      ["data", "push", "nowhere", "--repo", "a/b", "--dry-run"],
      "zebra: nowhere: expected the folder of a run, got nothing there\n",
    ],
    [
      "a run that is not there, to ask why",
      ["data", "why", "a/1", "--run", "nowhere"],
      "zebra: nowhere: expected the folder of a run with data, got nothing there\n",
    ],
    [
      "a folder that is no run, to ask why",
      ["data", "why", "a/1", "--run", "recipes"],
      "zebra: recipes: expected the folder of a run with data, got a folder without data\n",
    ],
    [
      "no prompt",
      ["generate", "--checkpoint", "nowhere"],
      "zebra: generate: expected --prompt or --prompt-file, got neither\n",
    ],
    [
      "a number that is none",
      ["generate", "--checkpoint", "x", "--prompt", "x", "--top-p", "2"],
      "option '--top-p <p>' argument '2' is invalid. expected a number above 0 and up to 1, got \"2\"\n",
    ],
    [
      "two checkpoints of one name",
      ["eval", "r.yaml", "--checkpoint", "recipes", "--checkpoint", "recipes"],
      "expected a checkpoint folder with config.json, got a folder without it at recipes",
    ],
  ];
  it.concurrent.each(cases)("%s", async (_, args, message) => {
    const { code, stdout, stderr } = await runZebra(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });
});

it("doctor finds all that is needed, a line each", async () => {
  const { code, stdout } = await runZebra(["doctor"]);
  const lines = stdout.split("\n");
  for (const name of ["Node.js", "Engine", "Tables", "Tokenizer"]) {
    expect(lines.filter((line) => line.startsWith(`✓ ${name} `))).toHaveLength(1);
  }
  for (const name of deviceChoices.filter((one) => one !== "auto" && one !== "cpu")) {
    const at = lines.findIndex((line) => line.slice(2).startsWith(`${name} `));
    const isUsable = lines[at]?.startsWith("✓") && / ran at [\d.]+ GFLOP\/s$/.test(lines[at]);
    expect([name, isUsable || / not usable: expected .*, got /.test(lines[at] ?? "")]).toEqual([name, true]);
    expect([name, isUsable || lines[at + 1]?.startsWith("    → ")]).toEqual([name, true]);
  }
  expect(lines.at(-2)).toBe("Everything that is needed works.");
  expect(code).toBe(0);
});
