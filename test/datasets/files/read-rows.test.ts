import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { VARCHAR } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonRow } from "../../../src/datasets/files/json-rows.ts";
import { readRows } from "../../../src/datasets/files/read-rows.ts";
import { openDuckDB, sqlLiteral } from "../../../src/tables/duckdb.ts";
import { createTableWriter } from "../../../src/tables/part-writer.ts";
import { createTable } from "../../../src/tables/table.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-rows-"));
});
afterAll(() => rm(root, { recursive: true }));

async function read(name: string, content: string | Uint8Array): Promise<JsonRow[]> {
  const path = join(root, name);
  await writeFile(path, content);
  return rowsOf(path, name);
}

async function rowsOf(path: string, name: string): Promise<JsonRow[]> {
  const rows: JsonRow[] = [];
  for await (const row of readRows(path, name)) rows.push(row);
  return rows;
}

/** `[row in the ledger, value or reason]` */
const brief = (rows: JsonRow[]) =>
  rows.map((row) => [row.place.row, "value" in row ? row.value : row.dropped.reason]);

const lines = '{"a":1}\n{"a":2}\n';
const three = [{ a: 1 }, { a: 2 }];

test.each([
  ["plain.jsonl", Buffer.from(lines)],
  ["packed.jsonl.gz", gzipSync(lines)],
  ["two-members.jsonl.gz", Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')])],
  ["packed.NDJSON.zst", zstdCompressSync(lines)],
  // Node's decompressor stops at the end of the first frame: the second row was lost without a word.
  ["two-frames.jsonl.zst", Buffer.concat([zstdCompressSync('{"a":1}\n'), zstdCompressSync('{"a":2}\n')])],
])("%s is read whole, and progress ends at the file's size", async (name, bytes) => {
  const rows = await read(name, bytes);
  expect(brief(rows)).toEqual(three.map((value, i) => [i + 1, value]));
  expect(rows.at(-1)!.endByte).toBe(bytes.length);
});

test.each([
  [
    "sum.jsonl.gz",
    Buffer.concat([gzipSync(lines).subarray(0, -8), Buffer.alloc(8)]),
    /sum\.jsonl\.gz: expected a whole \.gz file, got damaged bytes \(incorrect data check\) after 16/,
  ],
  ["not.jsonl.gz", Buffer.from(lines), /got damaged bytes \(incorrect header check\)/],
  ["not.jsonl.zst", Buffer.from(lines), /got damaged bytes/],
  ["empty.jsonl.gz", Buffer.alloc(0), /got one that is cut short after 0/],
  ["wide.jsonl", Buffer.from("fffe000041000000", "hex"), /expected UTF-8, got UTF-32/],
  ["half.jsonl", Buffer.from("fffe00d84100", "hex"), /expected utf-16le as its byte order mark says/],
  ["not.jsonl", Buffer.from("PAR1 and so on"), /expected text, got a Parquet file\. Give it the ending/],
  ["not.csv.gz", gzipSync("PK\x03\x04"), /expected text, got a zip archive\. Unpack it first/],
  [
    "magic.parquet",
    Buffer.from("PAR1"),
    /magic\.parquet: expected a whole Parquet file, got one that cannot be read after at least 0 rows/,
  ],
])("%s is an error that says what to do", async (name, bytes, message) => {
  await expect(read(name, bytes)).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(message),
  });
});

describe("JSON", () => {
  test("an array, with what is no object or no JSON told by its place", async () => {
    const text = '\ufeff [ {"a": "],\\"{"}, 7, {"b": oops}, [1], {"c": {"d": [1]}} ,\n]\n';
    expect(brief(await read("array.json", text))).toEqual([
      [0, { a: '],"{' }],
      [1, "not_object"],
      [2, "json_syntax"],
      [3, "not_object"],
      [4, { c: { d: [1] } }],
    ]);
    expect(await read("none.json", " [ ] ")).toEqual([]);
  });

  // It stopped the run, where JSON Lines cut short lose a row.
  test.each([
    ['[{"a":1},{"a":2},{"a":', 2],
    ['[{"a":1},{"a":2},{"a":"x', 2],
    ['[{"a":1},{"a":2},', 2],
    ['[{"a":1},{"a":2}', 2],
    ["[", 0],
    ['{"v":1,"data":[{"a":1},{"a"', 1],
    ['{"data":[{"a":1}], "v": "', 1],
  ])("an array cut short has the rows before, and one dropped: %s", async (text, whole) => {
    const rows = Array.from({ length: whole }, (_, i) => [i, { a: i + 1 }]);
    expect(brief(await read("cut.json", text))).toEqual([...rows, [whole, "cut_short"]]);
  });

  test("an object with the rows under data, whatever else is in it", async () => {
    const text = '{"version": "1 \\" {", "info": {"data": [9]}, "data": [{"a": 1},\n{"a": 2}], "end": [{}]}';
    expect(brief(await read("data.json", text))).toEqual([
      [0, { a: 1 }],
      [1, { a: 2 }],
    ]);
  });

  test("JSON Lines under the name .json, also where data is a column", async () => {
    const text = '{"id":"1","data":["q","a"]}\n{"id":"2","data":["q","a"]}\n';
    expect(brief(await read("lines.json", text))).toEqual([
      [1, { id: "1", data: ["q", "a"] }],
      [2, { id: "2", data: ["q", "a"] }],
    ]);
  });

  const data = (a: number) => ({ data: [{ a }] });
  test.each<[string, string, unknown[][]]>([
    ["an array", '[\n{"a":1},\n{"a":2}\n]\n', three.map((value, i) => [i, value])],
    ["an array in one line", '[{"a":1},{"a":2}]', three.map((value, i) => [i, value])],
    ["an object spread over lines", '{\n "a": 1\n}\n', [[0, { a: 1 }]]],
    [
      "a list of objects under data",
      '{"data":[{"a":1}]}\n{"data":[{"a":2}]}',
      [1, 2].map((n) => [n, data(n)]),
    ],
    ["one such row", '{"data":[{"a":1}]}', [[1, data(1)]]],
    ["lists in place of rows", '["x"]\n[{"a":1}]\n', [1, 2].map((n) => [n, "not_object"])],
  ])("%s under the name .jsonl", async (_, text, expected) => {
    expect(brief(await read("any.jsonl", text))).toEqual(expected);
  });

  // The lines behind the first were lost without a word, and the parts of its column were rows.
  test("JSON Lines under the name .json with a list of objects under data", async () => {
    const text = '{"data":[{"a":1}]}\n{"data":[{"a":2}]}\n';
    expect(brief(await read("lines.json", text))).toEqual([1, 2].map((n) => [n, data(n)]));
  });

  // It stopped the run, or was not seen at all.
  test.each([
    '[{"a":1}] nope',
    '[{"a":1}]\n nope [{"a":2}]',
    `{"data": [{"a":1}], "x": ["]}"]}${" ".repeat(70_000)}nope`,
  ])("what stands behind the rows is one row: %.30s", async (text) => {
    expect(brief(await read("more.json", text))).toEqual([
      [0, { a: 1 }],
      [1, "trailing_bytes"],
    ]);
  });

  describe("objects spread over lines", () => {
    const spread = (...values: unknown[]) => values.map((value) => JSON.stringify(value, null, 2)).join("\n");
    const long = "x".repeat(70_000);

    test.each([
      ["one", spread({ a: 1, b: "}" }), [{ a: 1, b: "}" }]],
      [
        "several, as jq prints them",
        `${spread({ a: { b: [1] } }, {}, { a: "\\" })}\n`,
        [{ a: { b: [1] } }, {}, { a: "\\" }],
      ],
      [
        "behind a byte order mark, with CRLF",
        `\ufeff${spread({ a: 1 }).replaceAll("\n", "\r\n")}`,
        [{ a: 1 }],
      ],
      ["keys from the first line on", '{"a": 1,\n"b": 2\n}{"a": 3}', [{ a: 1, b: 2 }, { a: 3 }]],
      [
        "an object longer than what is looked at first",
        spread({ a: long }, { a: 2 }),
        [{ a: long }, { a: 2 }],
      ],
      ["one with broken JSON in it", '{\n"a": nope\n}\n{"a": 2}', ["json_syntax", { a: 2 }]],
      ["something between", '{\n"a": 1\n}\nnope\n{"a": 2}\n', [{ a: 1 }, "json_syntax"]],
      ["cut short", `${spread({ a: 1 })}\n{"a": "x`, [{ a: 1 }, "cut_short"]],
      ["the only one cut short", '{\n  "a": 1,\n  "b": "x', ["cut_short"]],
    ])("%s", async (_, text, expected) => {
      expect(brief(await read("spread.json", text))).toEqual(expected.map((value, i) => [i, value]));
    });

    test("a broken first line of JSON Lines is one row's loss", async () => {
      expect(brief(await read("lines.json", '{"a": "x\n{"a":2}\n'))).toEqual([
        [1, "json_syntax"],
        [2, { a: 2 }],
      ]);
    });
  });

  test("numbers that JavaScript does not hold exactly are the text that they are", async () => {
    const row =
      '{"a":9007199254740993,"b":[-12345678901234567890,1e400],"c":9007199254740991,"d":0.1,"e":1e20}\n';
    expect(brief(await read("large.jsonl", row))).toEqual([
      [
        1,
        {
          a: "9007199254740993",
          b: ["-12345678901234567890", "1e400"],
          c: 9007199254740991,
          d: 0.1,
          e: 1e20,
        },
      ],
    ]);
  });

  test("any rows come back from an array in any chunks", async () => {
    const row = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { maxKeys: 4 });
    const property = fc.asyncProperty(
      fc.array(row, { maxLength: 6 }),
      fc.boolean(),
      async (rows, wrapped) => {
        const plain = rows.map((value) => JSON.parse(JSON.stringify(value), smallNumbers) as object);
        const text = JSON.stringify(wrapped ? { version: 1, data: plain } : plain, null, wrapped ? 1 : 0);
        expect(brief(await read("any.json", text))).toEqual(plain.map((value, i) => [i, value]));
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  const smallNumbers = (_: string, value: unknown) =>
    typeof value === "number" && Math.abs(value) >= 2 ** 53 ? 1 : value;

  test("a line of 50 MB is read, one past the limit is dropped and the next is read", async () => {
    const long = (mebibytes: number) => `{"a":"${"x".repeat(mebibytes * 2 ** 20)}"}\n`;
    const rows = await read("long.jsonl", `${long(50)}${long(65)}{"a":"end"}\n`);
    expect(rows.map((row) => ("value" in row ? String(row.value.a).length : row.dropped.reason))).toEqual([
      50 * 2 ** 20,
      "line_too_long",
      3,
    ]);
  });
});

describe("CSV and TSV", () => {
  test("RFC 4180 with a byte order mark and CRLF; every value is text; rows have the line they begin in", async () => {
    const text =
      '\ufeffid,text,n\r\n1,"a ""b"", c",007\r\n2,"two\r\nlines",\r\n3,5" disk,1e5\r\n4,too,many,fields\r\n\r\n6,few\r\n7,last,x';
    expect(brief(await read("a.csv", text))).toEqual([
      [2, { id: "1", text: 'a "b", c', n: "007" }],
      [3, { id: "2", text: "two\nlines", n: "" }],
      [5, { id: "3", text: '5" disk', n: "1e5" }],
      [6, "column_count"],
      [7, "blank_line"],
      [8, "column_count"],
      [9, { id: "7", text: "last", n: "x" }],
    ]);
    expect(brief(await read("a.tsv", "a\tb\n1,2\t3\n"))).toEqual([[2, { a: "1,2", b: "3" }]]);
    expect(brief(await read("a.csv.gz", gzipSync("a,b\n1,2\n")))).toEqual([[2, { a: "1", b: "2" }]]);
  });

  test("bad quotes and bytes cost their row alone, a quote that never closes is told with its line", async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\n"x"y,1\n'),
      Buffer.from([0xff, 0x2c, 0x31, 0x0a]),
      Buffer.from('ok,1\n"open,2\nswallowed,3\n'),
    ]);
    const rows = await read("bad.csv", bytes);
    expect(brief(rows)).toEqual([
      [2, "csv_quote"],
      [3, "invalid_utf8"],
      [4, { a: "ok", b: "1" }],
      [5, "csv_quote"],
    ]);
    expect(rows[3]).toMatchObject({ dropped: { detail: expect.stringContaining("line 5 is not closed") } });
  });

  test("semicolons and tabs where the header has no comma; a column without a name is pandas' index", async () => {
    expect(brief(await read("semi.csv", "a;b\n1,5;2\n"))).toEqual([[2, { a: "1,5", b: "2" }]]);
    expect(brief(await read("tab.csv", "a\tb\n1;5\t2\n"))).toEqual([[2, { a: "1;5", b: "2" }]]);
    expect(brief(await read("one.csv", "a\n1;5\n"))).toEqual([[2, { a: "1;5" }]]);
    expect(brief(await read("index.csv", ",a\n0,x\n"))).toEqual([[2, { "Unnamed: 0": "0", a: "x" }]]);
  });

  test.each([
    ["a,a\n1,2\n", '"a" twice'],
    [",\n1,2\n", "a blank line"],
    ['"a,b\n', "csv_quote"],
  ])("the header %j is refused", async (text, got) => {
    await expect(read("head.csv", text)).rejects.toThrow(`names in line 1, got ${got}`);
  });

  test("any table comes back as it was written", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "é", "\t") });
    const property = fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 6 }), async (table) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = ["x,y", ...table.map((cells) => cells.map(quoted).join(","))].join("\r\n");
      const rows = await read("any.csv", text);
      expect(rows.map((row) => "value" in row && [row.value.x, row.value.y])).toEqual(table);
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

describe("Parquet", () => {
  async function parquet(name: string, select: string): Promise<string> {
    const path = join(root, name);
    using connection = await openDuckDB();
    await connection.run(`COPY (${select}) TO ${sqlLiteral(path)} (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    return path;
  }

  test("nested columns, null, large numbers, times; rows counted from 0 over chunks", async () => {
    const path = await parquet(
      "nested.parquet",
      `SELECT i AS id, [{'role': 'user', 'content': NULL}] AS m, {'given': [{'a': 1, 'b': NULL}, {'a': NULL, 'b': [NULL]}]} AS calls, {'text': ['x', 'y']} AS answers,
       9007199254740993::BIGINT AS big, DATE '2024-02-29' AS day FROM range(5000) t(i)`,
    );
    const rows = await rowsOf(path, "nested.parquet");
    expect(rows.map((row) => row.index)).toEqual([...Array(5000).keys()]);
    // The null of a field is how Parquet leaves one out.
    expect([rows[4999]].map((row) => row && "value" in row && [row.value.m, row.value.calls])).toEqual([
      [[{ role: "user" }], { given: [{ a: 1 }, { b: [null] }] }],
    ]);
    expect(rows[4999]).toMatchObject({
      place: { file: "nested.parquet", row: 4999 },
      value: {
        id: 4999,
        m: [{ role: "user" }],
        answers: { text: ["x", "y"] },
        calls: { given: [{ a: 1 }, { b: [null] }] },
        big: "9007199254740993",
        day: "2024-02-29",
      },
    });
  });

  test("a name with the signs of a glob is a name", async () => {
    const path = await parquet("a[1]*.parquet", "SELECT 'it' AS a");
    expect(brief(await rowsOf(path, "x"))).toEqual([[0, { a: "it" }]]);
  });

  test("damaged in the middle: the error says what DuckDB found", async () => {
    const path = join(root, "damaged.parquet");
    await using writer = createTableWriter();
    await using table = await createTable(root, { a: VARCHAR }, writer);
    for (let i = 0; i < 5000; i++) await table.append([`${i} ${Math.sin(i)} ${Math.cos(i)}`], 40);
    await table.writeParquet(path);
    const bytes = await readFile(path);
    bytes.fill(0x55, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.62));
    await writeFile(path, bytes);
    await expect(rowsOf(path, "damaged")).rejects.toThrow(/cannot be read after at least \d+ rows \(.*ZSTD/);
  });
});
