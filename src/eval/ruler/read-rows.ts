import { Type } from "@sinclair/typebox";
import { compileSchema } from "../../ajv.ts";
import { readJsonLines } from "../../datasets/files/json-rows.ts";
import { type LocalFile, listFiles } from "../../datasets/files/local-files.ts";
import { DataError } from "../../errors.ts";
import { openMapping } from "../../schema.ts";
import { hashPosition } from "../held-out.ts";
import { rulerTasks } from "./tasks.ts";

/** A row as RULER's prepare.py writes it. */
const rowSchema = openMapping({
  index: Type.Integer(),
  input: Type.String(),
  outputs: Type.Array(Type.String(), { minItems: 1 }),
  /** Tokens of the prompt and the answer, by the tokenizer that it was made with. */
  length: Type.Optional(Type.Number()),
  answer_prefix: Type.Optional(Type.String()),
  /** Tokens before the first answer in it. */
  token_position_answer: Type.Optional(Type.Integer()),
});

export interface RulerRow {
  id: string;
  task: string;
  /** As the row says it. */
  index: number;
  /** Tokens that the rows were made for. */
  length: number;
  input: string;
  prefix: string;
  references: readonly string[];
  /** Where the answer stands, in percent of the prompt, where the row says it. */
  depth?: number;
}

export interface RulerRows {
  rows: RulerRow[];
  /** Rows that are not asked, by reason. */
  skipped: Record<string, number>;
}

/**
 * Rows of RULER's files below a folder, or of one of them: `<task>/validation.jsonl` or `<task>.jsonl`, below
 * a folder that is named by the length (`4096/data/niah_single_1/validation.jsonl`), else of the length that
 * the rows say. At most `limit`, as many of each file, by the hashes of their ids.
 */
export async function readRulerRows(path: string, limit: number): Promise<RulerRows> {
  const files = (await listFiles(path)).filter(({ name }) => name.endsWith(".jsonl"));
  const known = files.flatMap((file) => {
    const task = taskOf(file.path);
    return task === undefined ? [] : [{ file, task }];
  });
  if (known.length === 0) {
    const first = files[0] ? `, first ${files[0].name}` : "";
    throw new DataError(
      `${path}: expected RULER's files, <task>/validation.jsonl or <task>.jsonl with a task of ` +
        `${Object.keys(rulerTasks).join(", ")}, got ${files.length} other .jsonl files${first}`,
    );
  }
  const skipped: Record<string, number> = {};
  if (known.length < files.length)
    skipped["files that are named as no task of RULER"] = files.length - known.length;
  const rows: RulerRow[] = [];
  const ids = new Set<string>();
  let whole = 0;
  for (const [i, { file, task }] of known.entries()) {
    const most = Math.floor(limit / known.length) + Number(i < limit % known.length);
    const read = await readFileRows(file, task, most);
    whole += read.count;
    for (const row of read.rows) {
      if (ids.has(row.id))
        throw new DataError(`${file.name}: expected each task and length once, got ${row.id} again`);
      ids.add(row.id);
    }
    rows.push(...read.rows);
  }
  if (whole > rows.length) skipped["over the limit"] = whole - rows.length;
  return { rows, skipped };
}

/** The task that a file's or its folder's name says. */
function taskOf(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  const own = parts.at(-1)!.replace(/\.jsonl$/, "");
  return [own, parts.at(-2) ?? ""].find((name) => Object.hasOwn(rulerTasks, name));
}

/** The length that a folder above a file is named by. */
function namedLength(path: string): number | undefined {
  const parts = path.split(/[\\/]/).slice(0, -1).reverse();
  for (const part of parts) {
    const [, number, k] = /^(\d+)(k?)$/i.exec(part) ?? [];
    if (number !== undefined) return Number(number) * (k ? 1024 : 1);
  }
  return undefined;
}

async function readFileRows(
  file: LocalFile,
  task: string,
  most: number,
): Promise<{ rows: RulerRow[]; count: number }> {
  const fits = compileSchema("data", rowSchema);
  const named = namedLength(file.path);
  type Read = { position: string; row: Omit<RulerRow, "id" | "length"> };
  let kept: Read[] = [];
  let [count, longest] = [0, 0];
  for await (const read of readJsonLines(file.path, file.name)) {
    if ("dropped" in read) {
      if (read.dropped.reason === "blank_line") continue;
      throw new DataError(
        `${file.name}:${read.place.row}: expected a row of RULER, got ${read.dropped.detail}`,
      );
    }
    const { value } = read;
    if (!fits(value)) {
      const { instancePath = "", message = "" } = fits.errors?.[0] ?? {};
      throw new DataError(
        `${file.name}:${read.place.row}: expected a row of RULER (index, input, outputs, length, answer_prefix), ` +
          `got one where ${instancePath.slice(1) || "it"} ${message}`,
      );
    }
    const {
      index,
      input,
      outputs,
      length = 0,
      answer_prefix: prefix = "",
      token_position_answer: at,
    } = value;
    count++;
    longest = Math.max(longest, length);
    const depth = at === undefined || outputs.length > 1 || length <= 0 ? undefined : (100 * at) / length;
    const row = { task, index, input, prefix, references: outputs, ...(depth !== undefined && { depth }) };
    kept.push({ position: hashPosition(`${task}/${index}`), row });
    // In bounded memory: rows of 128k tokens are half a megabyte each.
    if (kept.length > 2 * most + 32) kept = foremost(kept, most);
  }
  const length = named ?? roundLength(longest);
  if (count > 0 && length === 0)
    throw new DataError(
      `${file.path}: expected a folder named by the length (4096) or rows with length, got neither`,
    );
  const rows = foremost(kept, most).map(({ row }) => ({
    ...row,
    id: `${task}/${length}/${row.index}`,
    length,
  }));
  return { rows, count };
}

function foremost<T extends { position: string }>(rows: readonly T[], most: number): T[] {
  return rows.toSorted((a, b) => (a.position < b.position ? -1 : 1)).slice(0, most);
}

/** Rows are made to fill a length, which is a power of two as a rule. */
function roundLength(longest: number): number {
  return longest <= 0 ? 0 : 2 ** Math.ceil(Math.log2(longest));
}
