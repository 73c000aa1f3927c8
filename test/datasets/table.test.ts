import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INTEGER, VARCHAR } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlLiteral, streamRows } from "../../src/datasets/duckdb.ts";
import { createTable } from "../../src/datasets/table.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-table-"));
});
afterAll(() => rm(root, { recursive: true }));

async function written(count: number, text: (i: number) => string): Promise<{ id: number; size: number }[]> {
  const path = join(root, "out.parquet");
  {
    await using table = await createTable(root, { id: INTEGER, text: VARCHAR });
    for (let i = 0; i < count; i++) {
      const made = text(i);
      await table.append([i, made], made.length);
    }
    expect(table.rows).toBe(count);
    await table.writeParquet(path);
  }
  expect(await readdir(root)).toEqual(["out.parquet"]);
  const rows: { id: number; size: number }[] = [];
  const sql = `SELECT id, length(text)::INTEGER AS size FROM read_parquet(${sqlLiteral(path)})`;
  for await (const row of streamRows(sql)) rows.push(row as { id: number; size: number });
  return rows;
}

test("rows keep their order over parts and row groups; none at all is a table, too", async () => {
  expect(await written(0, String)).toEqual([]);
  const rows = await written(40_000, (i) => "x".repeat(i % 7));
  expect(rows).toEqual([...Array(40_000).keys()].map((id) => ({ id, size: id % 7 })));
});

test("long documents do not have to fit in memory 2,048 at a time: a run died of them", async () => {
  const rows = await written(2_100, (i) => `${i} `.padEnd(140_000, "long text "));
  expect(rows).toEqual([...Array(2_100).keys()].map((id) => ({ id, size: 140_000 })));
});

test("a row of 50 MB is written and read: DuckDB's memory did not do for one", async () => {
  const rows = await written(3, (i) => "x".repeat(i === 1 ? 50_000_000 : 20));
  expect(rows.map(({ size }) => size)).toEqual([20, 50_000_000, 20]);
});
