import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParquet } from "../../../src/datasets/files/parquet-rows.ts";
import { textAt } from "../../../src/datasets/rows/mapping/fields.ts";
import { openDuckDB, sqlLiteral } from "../../../src/tables/duckdb.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-parquet-"));
});
afterAll(() => rm(root, { recursive: true }));

async function written(sql: string): Promise<unknown> {
  const path = join(root, "a.parquet");
  using connection = await openDuckDB();
  await connection.run(`COPY (SELECT ${sql} AS v) TO ${sqlLiteral(path)} (FORMAT parquet)`);
  for await (const row of readParquet(path, "a")) return "value" in row ? row.value.v : row.dropped;
  return undefined;
}

test.each<[string, unknown]>([
  // Their digits were cut to a double's.
  ["123456789012345678.90::DECIMAL(20,2)", "123456789012345678.90"],
  ["-0.05::DECIMAL(5,2)", "-0.05"],
  ["42::DECIMAL(10,0)", 42],
  ["12345678901234567890::DECIMAL(38,0)", "12345678901234567890"],
  ["18446744073709551615::UBIGINT", "18446744073709551615"],
  // Microseconds were cut off, and a time of day was their number.
  ["TIMESTAMP '2024-02-29 12:00:00.123456'", "2024-02-29T12:00:00.123456"],
  ["TIMESTAMP_NS '2024-02-29 12:00:00.123456789'", "2024-02-29T12:00:00.123456789"],
  ["TIMESTAMPTZ '2024-02-29 12:00:00.5+02'", "2024-02-29T10:00:00.5Z"],
  ["DATE '2024-02-29'", "2024-02-29"],
  ["DATE '0001-01-01'", "0001-01-01"],
  ["TIMESTAMP 'infinity'", "infinity"],
  ["TIME '01:02:03.000456'", "01:02:03.000456"],
  ["INTERVAL '1 day 2 hours'", "1 day 02:00:00"],
  ["'2024-02-29 12:00:00'", "2024-02-29 12:00:00"],
  ["'f0000000-0000-4000-8000-00000000000a'::UUID", "f0000000-0000-4000-8000-00000000000a"],
  ["'b'::ENUM('a', 'b')", "b"],
  // A map was a list of its pairs, and no path led into it.
  ["MAP {'a': 1, 'b': NULL}", { a: 1, b: null }],
  ["MAP {1: [DATE '2024-02-29']}", { 1: ["2024-02-29"] }],
  ["[{'a': 9007199254740993, 'b': [1.50::DECIMAL(3,2)]}]", [{ a: "9007199254740993", b: ["1.50"] }]],
  ["0.1::FLOAT", 0.1],
  ["[16777217::FLOAT, 1e10::FLOAT]", [16777216, 1e10]],
  ["0.1::DOUBLE", 0.1],
  // It would have been trained on as a word.
  ["'nan'::DOUBLE", null],
  ["['-inf'::DOUBLE]", [null]],
  ["'caf\\xC3\\xA9'::BLOB", "café"],
  ["['\\xFF'::BLOB]", [{ base64: "/w==" }]],
  ["true", true],
])("%s", async (sql, expected) => {
  expect(await written(sql)).toEqual(expected);
});

test("what is no text says how to name the text in it", async () => {
  const row = { map: { k: "v" }, list: [{ a: 1 }], bytes: { base64: "/w==" }, n: 1, none: {} };
  const detail = (path: string) => {
    const found = textAt(row, path);
    return typeof found === "string" ? found : found.dropped.detail;
  };
  expect(detail("map")).toBe("expected text under map, got an object: name a part of it, such as map.k");
  expect(detail("list")).toBe("expected text under list, got an array: name a part of it, such as list.0");
  expect(detail("list.0.a")).toBe("1");
  expect(detail("bytes")).toBe("expected text under bytes, got bytes that are no UTF-8");
  expect(detail("none")).toBe("expected text under none, got an object");
});
