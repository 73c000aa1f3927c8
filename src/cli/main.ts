import { readFileSync } from "node:fs";
import { Command } from "commander";
import { packagePath } from "../package-root.ts";
import { commands } from "./commands/index.ts";
import { exit, exitCode, reportFailure } from "./exit.ts";
import { explainOptions } from "./options/meant-option.ts";

const footer = `
Start with: zebra run quickstart, or zebra init for a recipe of your own files.
Exit codes: 0 done, 1 failed, 2 wrong command line or recipe, 130 stopped (the same command continues).`;

/** Runs the command line and ends the process. */
export async function main(): Promise<never> {
  const program = zebraCommand();
  // Output that is no longer read (`zebra inspect … | head`) is not an error. Runs also listen, and stop
  // cleanly.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && process.stdout.listenerCount("error") === 1) process.exit(exitCode.ok);
  });
  process.stderr.on("error", () => {});
  try {
    if (process.argv.length <= 2) program.outputHelp();
    else await program.parseAsync();
    return await exit(exitCode.ok);
  } catch (error) {
    return exit(reportFailure(error));
  }
}

/** `zebra` with all its commands. */
function zebraCommand(): Command {
  const { version } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string };
  const program = new Command("zebra")
    // What follows a command's name is that command's: `eval` and `eval coverage` both have --json.
    .enablePositionalOptions()
    .description("Curate, mix, fine-tune and evaluate long-context Zebra language models.")
    .version(version)
    .exitOverride()
    .addHelpText("after", footer);
  for (const register of Object.values(commands)) register(program);
  explainOptions(program);
  return program;
}
