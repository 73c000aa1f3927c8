import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDuckDB, sqlLiteral, streamRows } from "../../src/tables/duckdb.ts";
import { joinParquet } from "../../src/tables/join-parquet.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-join-"));
});
afterAll(() => rm(root, { recursive: true }));

/**
 * Rows [start, end) with every kind of column that examples and ledgers have, nulls and nested lists among
 * them.
 */
async function part(name: string, start: number, end: number): Promise<string> {
  const path = join(root, name);
  using connection = await openDuckDB();
  await connection.run(
    `COPY (SELECT i::BIGINT AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text é' || i END AS text, i / 7.0::DOUBLE AS share,
       i % 2 = 0 AS even, [{role: 'user', spans: [i::INTEGER, 2]}, {role: NULL, spans: []}] AS messages
     FROM range(${start}, ${end}) t(i)) TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`,
  );
  return path;
}

async function rowsOf(path: string, where = ""): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of streamRows(`SELECT * FROM read_parquet(${sqlLiteral(path)}) ${where}`))
    rows.push(row);
  return rows;
}

test("joined files have the rows of each in order, an empty one's too, and are found by their statistics", async () => {
  const parts = [
    await part("none", 0, 0),
    await part("a", 0, 5000),
    await part("b", 5000, 5003),
    await part("c", 5003, 9000),
  ];
  const whole = await part("whole", 0, 9000);
  const path = join(root, "joined");
  await joinParquet(parts, path);
  expect(await rowsOf(path)).toEqual(await rowsOf(whole));
  const metadata = `SELECT num_rows FROM parquet_file_metadata(${sqlLiteral(path)})`;
  for await (const row of streamRows(metadata)) expect(row).toEqual({ num_rows: 9000n });
  for (const where of [
    "WHERE id = 7011",
    "WHERE text = 'text é5002'",
    "WHERE share > 1285",
    "WHERE NOT even",
  ]) {
    const found = await rowsOf(path, where);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(await rowsOf(whole, where));
  }
});

test("only tables without rows make one without rows", async () => {
  const path = join(root, "empty");
  await joinParquet([await part("e1", 0, 0), await part("e2", 0, 0)], path);
  expect(await rowsOf(path)).toEqual([]);
});

test("other columns, no Parquet and nothing at all are refused", async () => {
  const a = await part("ok", 0, 3);
  const other = join(root, "other");
  {
    using connection = await openDuckDB();
    await connection.run(`COPY (SELECT 1 AS id) TO ${sqlLiteral(other)} (FORMAT parquet)`);
  }
  const path = join(root, "refused");
  await expect(joinParquet([a, other], path)).rejects.toThrow("expected the columns of");
  const cut = join(root, "cut");
  await writeFile(cut, (await readFile(a)).subarray(0, -5));
  await expect(joinParquet([a, cut], path)).rejects.toThrow("footer");
  await expect(joinParquet([], path)).rejects.toThrow("at least one");
});
