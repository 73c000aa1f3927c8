import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Example, LedgerRow, Tool } from "../../contracts/example.ts";
import { dataPaths, runPaths } from "../../contracts/run-folder.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import { whyOf } from "../../datasets/folder/why.ts";
import { formatCount } from "../../format.ts";
import { cleanLine, cleanProse, quoteForShell } from "../../quote.ts";
import { UsageError } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import type { Style } from "../output/style.ts";

/** How many characters of a long text are shown from each end. */
const shownChars = 300;

/**
 * Prints what became of the input row with this id. Without `run`, looks in the run under runs/ whose data
 * are newest. Throws UsageError for an unknown id and names similar ids.
 */
export async function printWhy(
  id: string,
  { run, style, writeLine }: { run?: string; style: Style; writeLine: (line: string) => void },
): Promise<void> {
  const runDir = run ?? (await latestRun("runs"));
  if (!existsSync(dataPaths(runPaths(runDir).data).ledger)) {
    const got = existsSync(runDir) ? "a folder without data" : "nothing there";
    throw new UsageError(`${runDir}: expected the folder of a run with data, got ${got}`);
  }
  const { fates, example, copied, nearest } = await whyOf(runDir, id);
  if (fates.length === 0) {
    const near = nearest.map((one) => `\n  ${one}`).join("");
    throw new UsageError(
      `${runDir}: expected an id of its ledger, got ${JSON.stringify(id)}. The nearest are:${near}`,
    );
  }
  writeLine(style.bold(cleanLine(id)));
  const rows = fates.map((row) => [row.stage, row.fate, row.reason, tokensOf(row), `${row.file}:${row.row}`]);
  for (const line of formatTable(["stage", "fate", "reason", "tokens", "from"], rows, 5)) writeLine(line);
  for (const { stage, detail } of fates) if (detail !== "") writeLine(`${stage}: ${cleanLine(detail)}`);
  const mixed = fates.some(({ stage, tokens_before }) => stage === "mix" || tokens_before !== null);
  const packed = fates.some(({ fate, tokens_after }) => fate !== "dropped" && tokens_after !== null);
  if (example !== null && !mixed) {
    const isTest = example.split === "test";
    writeLine(isTest ? "held out: its document is in the test split, which no mix reads" : "not mixed yet");
  }
  if (example !== null) for (const line of linesOf(example, style)) writeLine(line);
  if (copied !== null) {
    writeLine("");
    writeLine(style.bold(`${cleanLine(copied.id)}, which was kept`));
    for (const line of linesOf(copied, style)) writeLine(line);
  }
  if (packed)
    writeLine(
      style.dim(
        cleanLine(
          `as the model sees it: zebra inspect ${quoteForShell(runDir)} --example ${quoteForShell(id)}`,
        ),
      ),
    );
}

function tokensOf({ tokens_before: before, tokens_after: after }: LedgerRow): string {
  if (before === null) return "";
  return after === null || after === before
    ? formatCount(before)
    : `${formatCount(before)} → ${formatCount(after)}`;
}

function linesOf({ messages, tools }: Example, style: Style): string[] {
  const defined = tools === undefined ? undefined : (JSON.parse(tools) as Tool[]);
  const named = defined?.map(({ function: { name } }) => name).join(", ");
  const head = named === undefined ? [] : [`${style.dim("tools:")} ${cleanLine(named)}`];
  const lines = messages.map((message) => {
    const text = textOf(message).replace(/\s+/g, " ");
    const cut =
      text.length <= 2 * shownChars
        ? text
        : `${text.slice(0, shownChars)} […] ${text.slice(-shownChars)}`.toWellFormed();
    return `${style.dim(`${message.role}:`)} ${cleanProse(cut)}`;
  });
  return [...head, ...lines];
}

/** The run in `folder` whose data are newest. Throws UsageError where none has data. */
export async function latestRun(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const runs = names
    .map((name) => join(folder, name))
    .map((dir) => ({ dir, ledger: dataPaths(runPaths(dir).data).ledger }))
    .filter(({ ledger }) => existsSync(ledger))
    .map(({ dir, ledger }) => ({ dir, madeMs: statSync(ledger).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs);
  if (runs[0] === undefined)
    throw new UsageError(`${folder}: expected a run with data, got none. Name its folder: --run DIR`);
  return runs[0].dir;
}
