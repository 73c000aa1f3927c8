import { type Command, Option } from "commander";
import { type ForeignToolName, foreignTools } from "../../recipe/foreign/index.ts";
import { exit, exitCode } from "../exit.ts";
import { addExamples } from "../recipe/recipe-command.ts";

/** `zebra import-recipe`: a recipe from a config of another tool. */
export function registerImportRecipe(program: Command): void {
  const tools = Object.keys(foreignTools);
  const command = program
    .command("import-recipe")
    .summary("write a recipe from a config of Axolotl, LLaMA-Factory or TRL")
    .description(
      "Write a recipe from a YAML config of Axolotl, LLaMA-Factory or TRL, with where each value comes from, " +
        "and list what could not be taken. Nothing is downloaded or run.",
    )
    .argument("<config>", "the other tool's YAML file")
    .argument("[out]", "the recipe to write (default: <config>.recipe.yaml in this folder)")
    .addOption(new Option("--from <tool>", "whose config it is (default: told from its keys)").choices(tools))
    .option("--force", "replace a file of that name", false)
    .action(
      async (config: string, out: string | undefined, flags: { from?: ForeignToolName; force: boolean }) => {
        const { importRecipe } = await import("../import-recipe.ts");
        await importRecipe(config, out, { ...flags, writeLine: (line) => process.stdout.write(`${line}\n`) });
        await exit(exitCode.ok);
      },
    );
  addExamples(command, [
    ["zebra import-recipe axolotl.yaml", "writes axolotl.recipe.yaml here"],
    [
      "zebra import-recipe sft.yaml recipes/sft.yaml --from trl",
      "a config for trl sft, where to write it said",
    ],
  ]);
}
