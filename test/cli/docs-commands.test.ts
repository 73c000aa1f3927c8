import { readdirSync, readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { completionsOf } from "../../src/cli/commands/completion.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { packagePath } from "../../src/package-root.ts";

/** `zebra` with its real commands and options, which reads a command line and runs nothing. */
function parser(): Command {
  const program = new Command("zebra");
  for (const register of Object.values(commands)) register(program);
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(() => {});
    command.commands.forEach(quiet);
  };
  quiet(program);
  return program;
}

/** The words of each command in a line of a shell: quotes are read, comments and redirections are not. */
function commandsOf(line: string): string[][] {
  const found: string[][] = [[]];
  for (const [word] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (word.startsWith("#")) break;
    if (/^(&&|\|\|?|;|\d?>.*|<)$/.test(word)) found.push([]);
    else found.at(-1)!.push(word.replaceAll(/["']/g, ""));
  }
  return found;
}

/** What stands behind `zebra` in each command of the sh blocks of a page. */
function zebraLines(markdown: string): string[][] {
  const blocks = [...markdown.matchAll(/^ *```(?:sh|bash)\n(.*?)^ *```/gms)].map((match) => match[1]!);
  return blocks
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n").flatMap(commandsOf))
    .flatMap((words) => {
      const command = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
      if (command[0] === "npx") command.shift();
      return command[0] === "zebra" ? [command.slice(1)] : [];
    });
}

/** Why the command line would be refused, or undefined. */
async function refusal(words: readonly string[]): Promise<string | undefined> {
  try {
    await parser().parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return (error as Error).message;
  }
  const keys = completionsOf(parser()).keys;
  // `--checkpoint label=DIR` and `--data name=DIR` are no keys of a recipe, nor are those of `--endpoint`,
  // which are the last words.
  const endpoint = words.indexOf("--endpoint");
  const unknown = (endpoint < 0 ? words : words.slice(0, endpoint))
    .filter((_, at) => !["--checkpoint", "--data"].includes(words[at - 1] ?? ""))
    .flatMap((word) => /^([a-z][\w.]*)=/.exec(word)?.[1] ?? [])
    .find((key) => !keys.some((known) => key === known || key.startsWith(`${known}.`)));
  return unknown === undefined ? undefined : `no key ${unknown} in a recipe`;
}

const pages = ["README.md", ...readdirSync(packagePath("docs")).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith(".md"))
  .map((page) => ({ page, lines: zebraLines(readFileSync(packagePath(page), "utf8")) }))
  .filter(({ lines }) => lines.length > 0);

it("README and guide have commands to try", () => {
  const names = pages.map(({ page }) => page);
  expect(names).toEqual(expect.arrayContaining(["README.md", "docs/guide.md"]));
});

describe.each(pages)("$page", ({ lines }) => {
  it.each(lines.map((words) => [words.join(" "), words] as const))("zebra %s", async (_, words) => {
    expect(await refusal(words)).toBeUndefined();
  });
});

it("what is not there is found", async () => {
  const page =
    "```sh\nnpx zebra run a.yaml --sweeep x   # why\nA=1 zebra plan a mix.budget=2 && zebra conver a\n```";
  const found = await Promise.all(zebraLines(page).map(refusal));
  expect(found).toEqual([
    expect.stringContaining("unknown option '--sweeep'"),
    "no key mix.budget in a recipe",
    expect.stringContaining("unknown command 'conver'"),
  ]);
});
