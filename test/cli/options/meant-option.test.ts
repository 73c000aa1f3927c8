import { Command } from "commander";
import { expect, it } from "vitest";
import { commands } from "../../../src/cli/commands/index.ts";
import { inCommands, inRecipes, meantBy } from "../../../src/cli/options/meant-option.ts";
import { recipeSchema } from "../../../src/contracts/recipe.ts";

const zebra = new Command("zebra").version("1");
for (const register of Object.values(commands)) register(zebra);
const all = [zebra, ...zebra.commands, ...zebra.commands.flatMap(({ commands: below }) => below)];
const named = (name: string) => all.find((one) => one.name() === name)!;

it.each<[string, string[], string]>([
  ["run", ["--lr", "1e-4"], "finetune.lr=0.0001"],
  ["run", ["--learning-rate=1e-4"], "finetune.lr=0.0001"],
  ["finetune", ["--num_train_epochs", "3"], "finetune.epochs=3"],
  ["run", ["--output_dir", "x y"], "output_dir='x y'"],
  ["run", ["--model", "m"], "model.checkpoint=m"],
  ["mix", ["--dataset", "d"], "data.datasets.0.path=d"],
  ["plan", ["--batch-size", "8"], "finetune.packs_per_step=8"],
  ["run", ["--gpu"], "finetune.device=cuda"],
  ["run", ["--config", "r.yaml"], "the recipe is the first argument"],
  ["run", ["--seed=["], "seed='\"[\"'"],
  ["run", ["--report_to", "wandb"], "none; every step is in train/metrics.jsonl"],
  ["generate", ["--max-tokens", "5"], "--max-new-tokens"],
  ["init", ["--model", "m"], "--base"],
  ["zebra", ["-v"], "--version"],
])("%s %j is told what is meant here", (command, argv, meant) => {
  expect(meantBy(named(command), argv[0]!, argv)).toContain(meant);
});

it("what nobody knows, and keys of recipes where there is none, are left to the nearest name", () => {
  expect(meantBy(named("run"), "--zzz", ["--zzz"])).toBeUndefined();
  expect(meantBy(named("generate"), "--lr", ["--lr", "1"])).toBeUndefined();
});

it("the tables name commands that there are, no option of theirs, and options and keys that there are", () => {
  const wrong: string[] = [];
  for (const [name, table] of Object.entries(inCommands)) {
    const own = named(name)?.options.flatMap(({ long, short }) => [long, short]) ?? [];
    if (!named(name)) wrong.push(`no command ${name}`);
    for (const [key, meant] of Object.entries(table)) {
      const flag = `${key.length === 1 ? "-" : "--"}${key.replaceAll("_", "-")}`;
      if (own.includes(flag)) wrong.push(`${name} has ${flag}`);
      const option = /^--[\w-]+/.exec(meant)?.[0];
      if (option !== undefined && !own.includes(option)) wrong.push(`${name} has no ${option}`);
    }
  }
  const keys = Object.values(inRecipes).flatMap((meant) =>
    [...meant.matchAll(/(?:^| )([a-z_]+(?:\.\w+)*)=/g)].map((match) => match[1]!),
  );
  expect(keys).toContain("data.datasets.0.hub");
  expect([wrong, keys.filter((key) => !isKey(key))]).toEqual([[], []]);
});

function isKey(dotted: string): boolean {
  let node: unknown = recipeSchema;
  for (const step of dotted.split(".")) {
    const { properties = {}, items } = node as { properties?: Record<string, unknown>; items?: unknown };
    node = step === "0" ? items : properties[step];
    if (node === undefined) return false;
  }
  return true;
}
