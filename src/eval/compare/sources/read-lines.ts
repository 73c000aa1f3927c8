import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DataError, messageOf } from "../../../errors.ts";

/** The objects of a JSONL file. Throws DataError with the line of what is none. */
export async function readLines(path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, "utf8") })) {
    number++;
    if (line.trim() !== "") rows.push(parseObject(line, `${path}:${number}`));
  }
  return rows;
}

/** One JSON object, with Python's NaN and infinities, which are null. Throws DataError with `where`. */
export function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    try {
      // Python writes them, JSON does not have them; in texts they stay.
      value = JSON.parse(text.replace(notNumbers, (_, inText?: string) => inText ?? "null"));
    } catch {
      throw new DataError(`${where}: expected a JSON object, got ${messageOf(error)}`);
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new DataError(`${where}: expected a JSON object, got ${JSON.stringify(value)?.slice(0, 60)}`);
  return value as Record<string, unknown>;
}

const notNumbers = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;
