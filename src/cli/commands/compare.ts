import { resolve } from "node:path";
import type { Command } from "commander";
import { exit, exitCode, UsageError } from "../exit.ts";
import { addExamples } from "../recipe/recipe-command.ts";

/** `zebra compare`: several runs side by side. */
export function registerCompare(program: Command): void {
  const command = program
    .command("compare")
    .summary("several runs side by side, with verdicts where they were asked the same")
    .description(
      "Compare evaluated runs: the headline of each benchmark with its interval, better or worse where both " +
        "were asked the same questions, and the keys their recipes do not share. Reads what is there.",
    )
    .argument("<runs...>", "folders of runs; the first is what the others are compared with")
    .option("--html <file>", "write an HTML page to this file as well")
    .option("--json", "the figures as JSON, and nothing else")
    .action(async (runs: string[], flags: { html?: string; json?: boolean }) => {
      const dirs = runs.map((run) => resolve(run));
      if (new Set(dirs).size < 2)
        throw new UsageError(`expected at least two runs to compare, got ${new Set(dirs).size}`);
      if (new Set(dirs).size < dirs.length) throw new UsageError("expected different runs, got one twice");
      const { readRuns } = await import("../../eval/compare/read-runs.ts");
      const { compareEntries } = await import("../../eval/compare/compare-runs.ts");
      const entries = await readRuns(dirs);
      const compared = compareEntries(entries);
      if (flags.html !== undefined) {
        const { comparePage } = await import("../../eval/compare/compare-page.ts");
        const { writeFileAtomic } = await import("../../files.ts");
        await writeFileAtomic(resolve(flags.html), comparePage(entries, compared));
      }
      const { compareLines } = await import("../output/compare-lines.ts");
      const names = entries.map(({ name }) => name);
      const lines = flags.json
        ? [JSON.stringify({ models: names, benchmarks: compared }, null, 2)]
        : compareLines(entries, compared);
      for (const line of lines) process.stdout.write(`${line}\n`);
      if (flags.html !== undefined && !flags.json) process.stdout.write(`\npage  ${flags.html}\n`);
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra compare runs/quickstart runs/other", "two runs, and the model that both began with"],
    ["zebra compare runs/lr-* --html lr.html", "all runs of a sweep, also as a page"],
  ]);
}
