import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Example, LedgerRow, Tool } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import { whyOf } from "../../datasets/folder/why.ts";
import { formatCount } from "../../format.ts";
import { UsageError } from "../exit.ts";
import { quote } from "../invocation.ts";
import { formatTable } from "../output/format.ts";
import type { Style } from "../output/style.ts";

/** Characters of a text that are shown of each end. */
const shownChars = 300;

/**
 * Prints what became of an input row, by its id. Without `run` the run whose data were made last under runs/ is
 * asked. Throws UsageError for an unknown id, with the ids nearest to it.
 */
export async function printWhy(
  id: string,
  { run, style, writeLine }: { run?: string; style: Style; writeLine: (line: string) => void },
): Promise<void> {
  const runDir = run ?? (await latestRun());
  const { fates, example, copied, nearest } = await whyOf(runDir, id);
  if (fates.length === 0) {
    const near = nearest.map((one) => `\n  ${one}`).join("");
    throw new UsageError(
      `${runDir}: expected an id of its ledger, got ${JSON.stringify(id)}. The nearest are:${near}`,
    );
  }
  writeLine(style.bold(id));
  const rows = fates.map((row) => [row.stage, row.fate, row.reason, tokensOf(row), `${row.file}:${row.row}`]);
  for (const line of formatTable(["stage", "fate", "reason", "tokens", "from"], rows, 5)) writeLine(line);
  for (const { stage, detail } of fates) if (detail !== "") writeLine(`${stage}: ${detail}`);
  const mixed = fates.some(({ stage, tokens_before }) => stage === "mix" || tokens_before !== null);
  const packed = fates.some(({ fate, tokens_after }) => fate !== "dropped" && tokens_after !== null);
  if (example !== null && !mixed) {
    const isTest = example.split === "test";
    writeLine(
      isTest
        ? "held out: its document is in the test split, which no mix reads"
        : "no mix of it was made yet",
    );
  }
  if (example !== null) for (const line of linesOf(example, style)) writeLine(line);
  if (copied !== null) {
    writeLine("");
    writeLine(style.bold(`${copied.id}, which stays`));
    for (const line of linesOf(copied, style)) writeLine(line);
  }
  if (packed)
    writeLine(style.dim(`as the model sees it: zebra inspect ${quote(runDir)} --example ${quote(id)}`));
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
  const head = named === undefined ? [] : [`${style.dim("tools:")} ${printable(named)}`];
  const lines = messages.map((message) => {
    const text = textOf(message).replace(/\s+/g, " ");
    const cut =
      text.length <= 2 * shownChars
        ? text
        : `${text.slice(0, shownChars)} […] ${text.slice(-shownChars)}`.toWellFormed();
    return `${style.dim(`${message.role}:`)} ${printable(cut)}`;
  });
  return [...head, ...lines];
}

/** Texts come from anywhere: their control characters must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}

async function latestRun(): Promise<string> {
  const names = await readdir("runs").catch(() => []);
  const runs = names
    .map((name) => join("runs", name))
    .filter((dir) => existsSync(join(dir, "data", "ledger.parquet")))
    .map((dir) => ({ dir, madeMs: statSync(join(dir, "data", "ledger.parquet")).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs);
  if (runs[0] === undefined)
    throw new UsageError("runs: expected a run with data, got none. Name its folder: --run DIR");
  return runs[0].dir;
}
