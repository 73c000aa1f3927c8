import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOOLEAN, INTEGER, LIST, STRUCT, VARCHAR } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sqlLiteral, streamRows } from "../../src/tables/duckdb.ts";
import { createTableWriter } from "../../src/tables/part-writer.ts";
import { createTable } from "../../src/tables/table.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-table-"));
});
afterAll(() => rm(root, { recursive: true }));

async function written(count: number, text: (i: number) => string): Promise<{ id: number; size: number }[]> {
  const path = join(root, "out.parquet");
  {
    await using writer = createTableWriter();
    await using table = await createTable(root, { id: INTEGER, text: VARCHAR }, writer);
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
  await rm(path);
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

const kinds = {
  n: INTEGER,
  text: VARCHAR,
  few: VARCHAR,
  flag: BOOLEAN,
  list: LIST(STRUCT({ a: VARCHAR, b: BOOLEAN })),
  struct: STRUCT({ x: INTEGER, y: VARCHAR }),
};

test.each([
  ["in the writer's thread", 5_000],
  ["here, as few rows are", 50],
])("every kind of column, with what is not there: %s", async (_, count) => {
  const path = join(root, "out.parquet");
  const value = (i: number) => ({
    n: i % 5 === 0 ? null : i - 20,
    text: i % 7 === 0 ? null : `of its own ${i} é😀`,
    few: i % 11 === 0 ? null : ["short", "longer than is kept in place"][i % 2]!,
    flag: i % 3 === 0 ? null : i % 2 === 0,
    list:
      i % 4 === 0 ? null : Array.from({ length: i % 3 }, (_, k) => ({ a: `${k}`, b: k > 0 ? null : true })),
    struct: i % 6 === 0 ? null : { x: i, y: i % 2 === 0 ? "even" : null },
  });
  {
    await using writer = createTableWriter();
    await using table = await createTable(root, kinds, writer);
    for (let i = 0; i < count; i++) {
      const { list, struct, ...plain } = value(i);
      const items = list?.map(({ a, b }) => [a, b]) ?? null;
      await table.append([...Object.values(plain), items, struct && [struct.x, struct.y]], 100);
    }
    await table.writeParquet(path);
  }
  const rows = [];
  for await (const row of streamRows(`SELECT * FROM read_parquet(${sqlLiteral(path)})`)) rows.push(row);
  expect(rows).toEqual(Array.from({ length: count }, (_, i) => value(i)));
  await rm(path);
});

test("what goes wrong in the thread is thrown, and nothing is left behind", async () => {
  const append = async (): Promise<void> => {
    await using writer = createTableWriter();
    await using table = await createTable(root, { n: INTEGER }, writer);
    for (let i = 0; i < 3_000; i++) await table.append([i === 100 ? 2 ** 31 : i], 1);
    await table.writeParquet(join(root, "out.parquet"));
  };
  await expect(append()).rejects.toThrow("expected an integer of 32 bits, got 2147483648");
  expect(await readdir(root)).toEqual([]);
});

test("a thread that has ended writes no more, and says so", async () => {
  const writer = createTableWriter();
  const part = writer.createPart("n INTEGER");
  await part.write(join(root, "out.parquet"));
  await writer[Symbol.asyncDispose]();
  const write = writer.createPart("n INTEGER").write(join(root, "more.parquet"));
  await expect(write).rejects.toThrow("the thread that writes tables ended");
  await rm(join(root, "out.parquet"));
});
