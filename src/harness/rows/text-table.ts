import { DataError } from "../../errors.ts";
import { PyDict } from "../../jinja/values/values.ts";
import { shortLines } from "./short-lines.ts";
import type { Table } from "./table.ts";

/** One row a line, with the column `text`. */
export async function textTable(paths: readonly string[]): Promise<Table> {
  let total = 0;
  for (const path of paths) for await (const _ of lines(path)) total++;
  return {
    columns: new Map([["text", { kind: "text", isDates: false }]]),
    total,
    async *rows(limit) {
      let left = limit;
      for (const path of paths) {
        if (left <= 0) return;
        for await (const line of lines(path)) {
          yield PyDict.of([["text", line]]);
          if (--left <= 0) return;
        }
      }
    },
  };
}

async function* lines(path: string): AsyncGenerator<string> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  for await (const { line, bytes } of shortLines(path)) {
    try {
      yield utf8.decode(bytes);
    } catch {
      throw new DataError(`${path}:${line}: expected text in UTF-8, got other bytes`);
    }
  }
}
