import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadTasks, tasksOf } from "../../../src/harness/files/load-tasks.ts";
import { type LoadedRows, loadRows, type RowOptions } from "../../../src/harness/rows/load-rows.ts";
import { createRun } from "../../../src/jinja/values/run.ts";
import { repr } from "../../../src/jinja/values/text.ts";
import { openDuckDB, sqlLiteral } from "../../../src/tables/duckdb.ts";

const lines = (...rows: unknown[]) =>
  rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join("");

async function load(
  yaml: string,
  files: Record<string, string | Uint8Array>,
  options: RowOptions = {},
): Promise<LoadedRows> {
  const folder = mkdtempSync(join(tmpdir(), "rows-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const head = "task: t\ndoc_to_text: a\ndoc_to_target: a\n";
  writeFileSync(join(folder, "t.yaml"), head + yaml);
  const { members } = await loadTasks(["t.yaml"], { includePaths: [], cwd: folder });
  return await loadRows(tasksOf(members[0]!)[0]!, options);
}

const printed = (loaded: LoadedRows, split = "test") =>
  loaded.rowsOf(split).map((row) => repr(row, createRun(1e9, true)));

async function rowsOf(kind: string, text: string): Promise<string[]> {
  const yaml = `dataset_path: ${kind}\ndataset_kwargs: {data_files: {test: rows.${kind}}}\ntest_split: test\n`;
  return printed(await load(yaml, { [`rows.${kind}`]: text }));
}

/** What `datasets` 5.2.0 gives for the same text, as Python prints it. */
describe("JSON as datasets reads it", () => {
  it.each([
    ["integers beside a float", lines({ a: 1 }, { a: 2.5 }), ["{'a': 1.0}", "{'a': 2.5}"]],
    ["1.0 is a float", lines('{"a": 1.0}'), ["{'a': 1.0}"]],
    [
      "a column that a row has not",
      lines({ b: 2 }, { a: 2 }),
      ["{'b': 2, 'a': None}", "{'b': None, 'a': 2}"],
    ],
    [
      "objects with other keys",
      lines({ a: { x: 1 } }, { a: { y: 2 } }),
      ["{'a': {'x': 1}}", "{'a': {'y': 2}}"],
    ],
    [
      "objects with keys in another order",
      lines({ a: { x: 1, y: 2 } }, { a: { y: 1, x: 2.5 } }),
      ["{'a': {'x': 1.0, 'y': 2}}", "{'a': {'x': 2.5, 'y': 1}}"],
    ],
    ["lists", lines({ a: [1, 2.5] }, { a: [] }), ["{'a': [1.0, 2.5]}", "{'a': []}"]],
    ["several kinds", lines({ a: 1 }, { a: "x" }), ["{'a': 1}", "{'a': 'x'}"]],
    ["several kinds, JSON in text", lines({ a: "5" }, { a: 1 }), ["{'a': 5}", "{'a': 1}"]],
    ["dates", lines({ a: "2024-01-01" }, { a: null }), ["{'a': '2024-01-01 00:00:00'}", "{'a': None}"]],
    ["dates beside text", lines({ a: "2024-01-01" }, { a: "x" }), ["{'a': '2024-01-01'}", "{'a': 'x'}"]],
    ["no such day", lines({ a: "2024-02-30" }), ["{'a': '2024-02-30'}"]],
    ["integers beyond 64 bits", lines('{"a": 99999999999999999999999}'), ["{'a': 1e+23}"]],
    ["integers of 64 bits", lines('{"a": 9223372036854775807}'), ["{'a': 9223372036854775807}"]],
    ["an array", '[{"a": 0.123456789012345}]', ["{'a': 0.123456789}"]],
    ["an array of texts", '["x", "y"]', ["{'text': 'x'}", "{'text': 'y'}"]],
    ["blank lines", lines("", " ", { a: 1 }), ["{'a': 1}"]],
  ])("%s", async (_, text, expected) => {
    expect(await rowsOf("json", text)).toEqual(expected);
  });

  it("names the line that is no JSON", async () => {
    await expect(rowsOf("json", lines({ a: 1 }, '{"a": 2'))).rejects.toThrow(
      /t\.yaml: t: .*rows\.json.* expected JSON/,
    );
    await expect(rowsOf("json", lines({ a: 1 }, "5"))).rejects.toThrow("expected an object with the columns");
  });
});

describe("hostile rows end", () => {
  const wide = (rows: number, columns: number) =>
    Array.from({ length: rows }, (_, i) =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: columns }, (__, j) => [`c${i * columns + j}`, 1])),
      ),
    ).join("\n");
  it.each([
    ["other columns in each row", wide(40, 500), "expected at most 2000 columns"],
    [
      "few columns in very many rows",
      `${wide(1, 1_500)}\n${"{}\n".repeat(3_000)}`,
      "expected at most 4000000 values",
    ],
    ["lists in lists", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "at most 500 levels deep"],
  ])("%s", async (_, text, message) => {
    await expect(rowsOf("json", text)).rejects.toThrow(message);
  });
});

describe("CSV as pandas reads it", () => {
  it.each([
    ["numbers", "a,b,c\n1,x,1.0\n2,,3\n", ["{'a': 1, 'b': 'x', 'c': 1.0}", "{'a': 2, 'b': None, 'c': 3.0}"]],
    ["integers beside nothing", "a,b\n1,x\n,y\n", ["{'a': 1.0, 'b': 'x'}", "{'a': None, 'b': 'y'}"]],
    ["bools", "a\ntrue\nFalse\n", ["{'a': True}", "{'a': False}"]],
    ["zeros in front", "a\n007\n", ["{'a': 7}"]],
    ["what stands for nothing", "a,b\nNA,x\nnull,y\n", ["{'a': None, 'b': 'x'}", "{'a': None, 'b': 'y'}"]],
    ["quotes", 'a,b\n"x, ""y""\nz",\'q\'\n', [`{'a': 'x, "y"\\nz', 'b': "'q'"}`]],
    [
      "more than 64 bits",
      "a\n12345678901234567890123\n1.5\n",
      ["{'a': '12345678901234567890123'}", "{'a': '1.5'}"],
    ],
    ["a name that comes twice", "a,a\n1,2\n", ["{'a': 1, 'a.1': 2}"]],
    ["windows' line ends and blank lines", "a\r\n\r\n1\r\n", ["{'a': 1}"]],
  ])("%s", async (_, text, expected) => {
    expect(await rowsOf("csv", text)).toEqual(expected);
  });

  it("takes names of columns from the task", async () => {
    const yaml =
      "dataset_path: csv\ndataset_kwargs: {data_files: {test: r.csv}, header: null, column_names: [q, a]}\ntest_split: test\n";
    expect(printed(await load(yaml, { "r.csv": "x,1\n" }))).toEqual(["{'q': 'x', 'a': 1}"]);
  });
});

it("Parquet says itself what its columns are", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "parquet-")), "rows.parquet");
  using connection = await openDuckDB();
  await connection.run(
    `COPY (SELECT 1::BIGINT AS i, 1.0::DOUBLE AS f, 0.1::FLOAT AS f32, 'x' AS s, [1, NULL] AS l,
      {'b': 2.0::DOUBLE, 'a': NULL::VARCHAR} AS d, 9223372036854775807 AS big, true AS t)
     TO ${sqlLiteral(path)} (FORMAT parquet)`,
  );
  const yaml = `dataset_path: parquet\ndataset_kwargs: {data_files: {test: ${path}}}\ntest_split: test\n`;
  expect(printed(await load(yaml, {}))).toEqual([
    "{'i': 1, 'f': 1.0, 'f32': 0.10000000149011612, 's': 'x', 'l': [1, None], 'd': {'b': 2.0, 'a': None}, " +
      "'big': 9223372036854775807, 't': True}",
  ]);
});

describe("splits", () => {
  const files = {
    "train.jsonl": lines({ a: 1.5, b: "x" }),
    "test-1.jsonl": lines({ a: 1 }),
    "test-2.jsonl": lines({ a: 2 }, { a: 3 }),
  };
  const yaml = (rest: string) =>
    `dataset_path: json\ndataset_kwargs: {data_files: {train: train.jsonl, test: "test-*.jsonl"}}\n${rest}`;

  it("have the columns of the first one, files by glob, and a limit that the total does not know", async () => {
    const loaded = await load(yaml("test_split: test\ntraining_split: train\n"), files, { limit: 2 });
    expect(printed(loaded)).toEqual(["{'a': 1.0, 'b': None}", "{'a': 2.0, 'b': None}"]);
    expect(loaded.totalOf("test")).toBe(3);
    expect(printed(loaded, "train")).toEqual(["{'a': 1.5, 'b': 'x'}"]);
  });

  it("that are asked about are all held where examples are drawn from them", async () => {
    const text = yaml("test_split: test\nfewshot_split: test\n");
    expect(printed(await load(text, files, { limit: 2 }))).toHaveLength(3);
    expect(printed(await load(text, files, { limit: 2, hasShots: false }))).toHaveLength(2);
  });

  it.each([
    ["1", "2.0", "{'v': 2}"],
    ["2.5", "1", "{'v': 1.0}"],
    ['"x"', "2.5", "{'v': '2.5'}"],
    ['"x"', "true", "{'v': 'true'}"],
    ["[1.5]", "[1]", "{'v': [1.0]}"],
  ])("are cast to what the first file has: %s, then %s", async (first, second, expected) => {
    const parts = { "a.jsonl": `{"v":${first}}\n`, "b.jsonl": `{"v":${second}}\n` };
    const head = "dataset_path: json\ntest_split: test\ndataset_kwargs: {data_files: ";
    expect(printed(await load(`${head}{test: [a.jsonl, b.jsonl]}}\n`, parts))[1]).toBe(expected);
    const split = await load(`${head}{train: a.jsonl, test: b.jsonl}}\n`, parts);
    expect(printed(split)[0]).toBe(expected);
  });

  it("are refused where a later file has fractions and the first has none", async () => {
    const parts = { "a.jsonl": '{"v":1}\n', "b.jsonl": '{"v":2.5}\n' };
    const text =
      "dataset_path: json\ntest_split: test\ndataset_kwargs: {data_files: {test: [a.jsonl, b.jsonl]}}\n";
    await expect(load(text, parts)).rejects.toThrow(
      "expected whole numbers, as in the first of the files, got 2.5",
    );
  });

  it("of CSV with a field over several pieces of the file", async () => {
    const long = `x ""y"", ${"z".repeat(200_000)}`;
    expect(await rowsOf("csv", `a,b\n"${long}",1\n`)).toEqual([
      `{'a': 'x "y", ${"z".repeat(200_000)}', 'b': 1}`,
    ]);
  });

  it.each([
    [" 1", "{'v': 1}"],
    [" inf", "{'v': ' inf'}"],
    ["+inf", "{'v': inf}"],
    ["\u00a01", "{'v': '\\xa01'}"],
    ["TrUe", "{'v': True}"],
    [" True", "{'v': ' True'}"],
  ])("of CSV are what pandas makes of %j", async (value, expected) => {
    expect(await rowsOf("csv", `v\n"${value}"\n`)).toEqual([expected]);
  });

  it("of a repository are looked for only where the name can be one", async () => {
    for (const path of ["http://127.0.0.1:1/x", "a/b/c/d", "owner/name?x"])
      await expect(load(`dataset_path: ${path}\ntest_split: test\n`, {})).rejects.toThrow(
        "dataset_path: expected json, csv, parquet, text, a folder or a dataset of the Hub (owner/name), got",
      );
  });

  it("packed far smaller than they are refused before they are read", async () => {
    const line = lines({ a: "x".repeat(1000) });
    const text = "dataset_path: json\ntest_split: test\ndataset_kwargs: {data_files: {test: a.jsonl.gz}}\n";
    const files = { "a.jsonl.gz": gzipSync(line.repeat(80_000)) };
    await expect(load(text, files)).rejects.toThrow("packed up to 50 times");
  });

  it("that examples would come from are read where examples are shown", async () => {
    const broken = { ...files, "train.jsonl": lines({ a: 1 }), "dev.jsonl": "{" };
    const text =
      "dataset_path: json\ndataset_kwargs: {data_files: {test: test-1.jsonl, dev: dev.jsonl}}\ntest_split: test\nfewshot_split: dev\n";
    await expect(load(text, broken)).rejects.toThrow("dev.jsonl");
    expect(printed(await load(text, broken, { hasShots: false }))).toEqual(["{'a': 1}"]);
  });

  it.each([
    [
      "test_split: tests\n",
      "expected a split that the data have (train, test), got tests; did you mean test?",
    ],
  ])("that are not there are told: %s", async (rest, message) => {
    await expect(load(yaml(rest), files)).rejects.toThrow(message);
  });

  it.each([
    ["{test: nowhere.jsonl}", "expected a file that there is, got nowhere.jsonl"],
    ["{test: 'https://example.org/x.jsonl'}", "expected a file of this machine, got https://example.org"],
    ["{test: 5}", "expected paths"],
    ["{test: /dev/zero}", "expected a file with rows"],
    ["{test: /proc/self/environ}", "expected a file with rows"],
  ])("with files that cannot be read: %s", async (given, message) => {
    const text = `dataset_path: json\ndataset_kwargs: {data_files: ${given}}\ntest_split: test\n`;
    await expect(load(text, {})).rejects.toThrow(message);
  });

  it("of a folder are told by the files' names", async () => {
    const loaded = await load("dataset_path: .\ntest_split: test\n", { "test.jsonl": lines({ a: 1 }) });
    expect(printed(loaded)).toEqual(["{'a': 1}"]);
  });

  it("of text are lines", async () => {
    const text = "dataset_path: text\ndataset_kwargs: {data_files: {test: a.txt}}\ntest_split: test\n";
    expect(printed(await load(text, { "a.txt": "one\r\n\ntwo" }))).toEqual([
      "{'text': 'one'}",
      "{'text': ''}",
      "{'text': 'two'}",
    ]);
  });

  it("refuse what would run code or is not read", async () => {
    const text =
      "dataset_path: json\ndataset_kwargs: {data_files: {test: test-1.jsonl}, script: x}\ntest_split: test\n";
    await expect(load(text, files)).rejects.toThrow("got script");
  });
});
