import { resolve } from "node:path";
import type { Command } from "commander";
import type { Entry } from "../../eval/compare/entry.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { writeNote } from "../output/note.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface CompareFlags {
  html?: string;
  json?: boolean;
  board?: boolean;
  shared?: boolean;
}

/** `zebra compare`: several runs, or others' results, side by side. */
export function registerCompare(program: Command): void {
  const command = program
    .command("compare")
    .summary("results side by side, with verdicts where they were asked the same")
    .description(
      "Compare evaluated runs: the headline of each benchmark with its interval, better or worse where both " +
        "were asked the same questions, and the keys their recipes do not share. Reads what is there: runs, " +
        "folders of `zebra eval --tasks`, lm-evaluation-harness's output (with --log_samples), LongBench's " +
        "predictions.",
    )
    .argument("<results...>", "folders of runs or of results; the first is what the others are compared with")
    .option(
      "--board",
      "a leaderboard: models by benchmarks, ranks with ties; folders without results are left out",
    )
    .option("--shared", "compare on the questions that both were asked, where others differ")
    .option("--html <file>", "write an HTML page to this file as well")
    .option("--json", "the figures as JSON, and nothing else")
    .action(async (given: string[], flags: CompareFlags) => {
      const paths = given.map((path) => resolve(path));
      if (new Set(paths).size < paths.length) throw new UsageError("expected different runs, got one twice");
      const entries = await entriesOf(paths, flags);
      if (entries.length < 2 || (!flags.board && paths.length < 2 && entries[0]?.own))
        throw new UsageError(
          `expected at least two runs to compare, got ${Math.min(paths.length, entries.length)}`,
        );
      const { compareEntries } = await import("../../eval/compare/compare-runs.ts");
      const { board: isBoard = false, shared: isShared = false } = flags;
      const options = { isShared, ...(isBoard && { isEach: true, isResampled: false }) };
      const compared = compareEntries(entries, options);
      const lines = isBoard
        ? await board(entries, compared, flags)
        : await sideBySide(entries, compared, flags);
      for (const line of lines) process.stdout.write(`${line}\n`);
      if (flags.html !== undefined && !flags.json) process.stdout.write(`\npage  ${flags.html}\n`);
      const pairs = compared.flatMap(({ pairs: own }) => own);
      if (pairs.every(({ outcome }) => outcome === undefined)) {
        writeNote("no two of them were asked the same questions: there is no verdict");
        await exit(exitCode.failed);
      }
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra compare runs/quickstart runs/other", "two runs, and the model that both began with"],
    ["zebra compare runs/lr-* --html lr.html", "all runs of a sweep, also as a page"],
    ["zebra compare runs/tasks/before runs/tasks/after", "two models that task files asked"],
    ["zebra compare out/model-a out/model-b", "folders that lm_eval wrote with --log_samples"],
    ["zebra compare LongBench/pred/model-a LongBench/pred/model-b", "predictions of LongBench's scripts"],
    ["zebra compare --board runs/* --html board.html", "a leaderboard of all runs that are evaluated"],
  ]);
}

/** On a board, folders without results are told and left out. */
async function entriesOf(paths: readonly string[], { board }: CompareFlags): Promise<Entry[]> {
  const { readModels, readRuns, sourceOf } = await import("../../eval/compare/read-runs.ts");
  if (!board) return readRuns(paths);
  const kept: string[] = [];
  for (const path of paths) {
    if (await sourceOf(path)) kept.push(path);
    else writeNote(`left out, as it has no results: ${path}`);
  }
  return readModels(kept);
}

type Compared = Awaited<ReturnType<typeof import("../../eval/compare/compare-runs.ts").compareEntries>>;

async function sideBySide(
  entries: readonly Entry[],
  compared: Compared,
  flags: CompareFlags,
): Promise<string[]> {
  if (flags.html !== undefined) {
    const { comparePage } = await import("../../eval/compare/compare-page.ts");
    await write(flags.html, comparePage(entries, compared));
  }
  const { compareLines } = await import("../output/compare-lines.ts");
  const names = entries.map(({ name }) => name);
  return flags.json
    ? [JSON.stringify({ models: names, benchmarks: compared }, null, 2)]
    : compareLines(entries, compared);
}

async function board(entries: readonly Entry[], compared: Compared, flags: CompareFlags): Promise<string[]> {
  const { boardOf } = await import("../../eval/compare/board.ts");
  const { notesOf } = await import("../../eval/compare/notes.ts");
  const names = entries.map(({ name }) => name);
  const made = boardOf(names, compared);
  const notes = [
    ...notesOf(names, compared),
    ...entries.flatMap(({ name, notes: own }) => own.map((note) => `${name}: ${note}`)),
  ];
  if (flags.html !== undefined) {
    const { boardPage } = await import("../../eval/compare/board-page.ts");
    await write(flags.html, boardPage(made, notes));
  }
  const { boardLines } = await import("../output/board-lines.ts");
  const { cleanLine } = await import("../../quote.ts");
  if (flags.json)
    return [JSON.stringify({ ...made, pairs: { models: names, benchmarks: compared }, notes }, null, 2)];
  return [...boardLines(made), ...notes.map((note) => cleanLine(`note  ${note}`))];
}

async function write(path: string, html: string): Promise<void> {
  const { writeFileAtomic } = await import("../../files.ts");
  await writeFileAtomic(resolve(path), html);
}
