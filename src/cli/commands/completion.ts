import type { TSchema } from "@sinclair/typebox";
import { Argument, type Command } from "commander";
import { recipeSchema } from "../../contracts/recipe.ts";
import { shippedNames } from "../../package-root.ts";
import { type Completions, completionScript, type Shell, shells } from "../completion/scripts.ts";
import { exit, exitCode } from "../exit.ts";
import { addExamples } from "../recipe/recipe-command.ts";

/** `zebra completion`: what Tab offers in a shell. */
export function registerCompletion(program: Command): void {
  const command = program
    .command("completion")
    .summary("complete commands, options, recipes and keys in a shell")
    .description(
      "Print a script that makes a shell complete commands, options, recipes that ship and recipe keys. " +
        "Source it in the shell's startup file.",
    )
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .action(async (shell: Shell) => {
      process.stdout.write(completionScript(shell, completionsOf(program)));
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["echo 'source <(zebra completion bash)' >> ~/.bashrc", "for bash, from the next shell on"],
    ["echo 'source <(zebra completion zsh)' >> ~/.zshrc", "for zsh, behind the line with compinit"],
    ["echo 'zebra completion fish | source' >> ~/.config/fish/config.fish", "for fish"],
  ]);
}

/** All that can be completed, read off the commands and the recipe's schema. */
export function completionsOf(program: Command): Completions {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.flatMap(({ long }) => (long ? [long] : [])), "--help"],
    takesRecipe: command.registeredArguments[0]?.name() === "recipe",
  }));
  return { commands, recipes: shippedNames("recipe"), keys: keysOf(recipeSchema) };
}

/** Keys with the sections that they are in; a section itself is not overridden as a whole. */
function keysOf(schema: TSchema, before = ""): string[] {
  return Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, node]) =>
    node.properties ? keysOf(node, `${before}${key}.`) : [`${before}${key}`],
  );
}
