import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import { readDataManifest, readExamples } from "../../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-messy-"));
});
afterAll(() => rm(root, { recursive: true }));

/** `[row, fate, reason]` of each row of the ledger, whose sums the manifest has to have. */
async function fatesOf(name: string, format?: "alpaca", events: RunEvent[] = []) {
  const dataset = { name: "d", path: join(root, name), license: "CC0-1.0", ...(format && { format }) };
  const data = { datasets: [dataset], split: { validation: 0, test: 0 } };
  const runDir = join(root, `run-${name}`);
  await runDataStage(
    { runDir, emit: (event) => events.push(event), stop: { stopped: false } },
    { data, seed: 1 },
  );
  const fates: [number, string, string][] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(runDir, "data", "ledger.parquet"))})`;
  for await (const { file, row, fate, reason, detail } of streamRows(sql)) {
    expect([file, reason === "blank_line" || fate === "kept" || detail !== ""]).toEqual([name, true]);
    fates.push([Number(row), String(fate), String(reason)]);
  }
  const count = (wanted: string) => fates.filter(([, fate]) => fate === wanted).length;
  const { rows, examples } = readDataManifest(join(runDir, "data")).datasets[0]!;
  expect(rows).toEqual({
    read: fates.length,
    kept: count("kept"),
    changed: count("changed"),
    dropped: count("dropped"),
  });
  expect(examples).toBe(count("kept") + count("changed"));
  return fates;
}

const kept = ["kept", ""] as const;
const changed = (reason: string) => ["changed", reason] as const;
const dropped = (reason: string) => ["dropped", reason] as const;
type Outcome = readonly [string, string];

const chat = (question: unknown, answer: unknown, more = "") =>
  `{"messages":[{"role":"user","content":${JSON.stringify(question)}},{"role":"assistant","content":${JSON.stringify(answer)}}]${more}}`;
const alpaca = (more: object) => JSON.stringify({ instruction: "a", output: "b", ...more });
const turns = (...list: [string, unknown][]) =>
  JSON.stringify({ conversations: list.map(([from, value]) => ({ from, value })) });
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const lines: Record<string, [string | Buffer, Outcome][]> = {
  marks: [
    [`${chat("a", "b")}\r`, kept],
    [`\ufeff${chat("a", "b")}`, dropped("json_syntax")],
    [`${chat("a", "b")}\r${chat("c", "d")}`, dropped("json_syntax")],
    [chat("a\u2028\u0085", "b\u2029"), kept],
    ["\0\0\0", dropped("json_syntax")],
    // It was kept, with U+FFFD as all that was to be learnt.
    [chat("a", "\0"), dropped("empty_answer")],
    ["\t ", dropped("blank_line")],
  ],
  values: [
    [chat("a", "b", ',"score":NaN'), changed("not_a_number")],
    [chat("a", "b", ',"score":-Infinity'), changed("not_a_number")],
    ['{"messages":[],"messages":[{"role":"user","content":"a"}]}', dropped("missing_answer")],
    [chat(5, "b"), dropped("wrong_type")],
    [chat("a", null), dropped("wrong_type")],
    ['{"messages":[null]}', dropped("wrong_type")],
    [chat([{ type: "text", text: "a" }], [{ type: "text", text: "b" }]), kept],
    [chat([{ type: "image_url", image_url: { url: "x" } }], "b"), dropped("wrong_type")],
    [chat("a", "b", ',"__proto__":{"x":1},"meta":{"__proto__":{"y":2}}'), kept],
    // Their walk through the row ended the run with a full stack.
    [chat("a", "b", `,"meta":{"x":${nested(20_000)}}`), dropped("too_deep")],
    [nested(50_000), dropped("not_object")],
    [chat("a", "b", `,"meta":{"x":${nested(200)}}`), kept],
  ],
  ids: [
    [chat("a", "b", ',"id":1'), kept],
    [chat("a", "b", ',"id":"1"'), changed("duplicate_id")],
    // The two were one number, and the second "renamed".
    [chat("a", "b", ',"id":9007199254740992'), kept],
    [chat("a", "b", ',"id":9007199254740993'), kept],
    [chat("a", "b", ',"id":1e400'), kept],
    [chat("a", "b", ',"id":1.5'), kept],
    [chat("a", "b", ',"id":{}'), kept],
    // It went to the terminal as it was.
    [chat("a", "b", ',"id":"a\\u001b[31m"'), changed("control_character")],
  ],
  context: [
    [chat("abc", "b", ',"context":[{"message":0,"start":0,"end":3}]'), kept],
    [chat("abc", "b", ',"context":null'), kept],
    // These ended the run with a TypeError.
    [chat("abc", "b", ',"context":{}'), dropped("wrong_type")],
    [chat("abc", "b", ',"context":"the document"'), dropped("wrong_type")],
    [chat("abc", "b", ',"context":[null]'), dropped("wrong_type")],
    [chat("abc", "b", ',"context":[{"message":"0","start":0,"end":1}]'), dropped("wrong_type")],
    [chat("abc", "b", ',"context":[{"message":0,"start":2,"end":1}]'), dropped("schema")],
  ],
  sharegpt: [
    [turns(["human", "a"], ["gpt", "b"]), kept],
    [turns(["gpt", "hello"], ["human", "a"], ["gpt", "b"]), changed("role_order")],
    [turns(["human", "a"], ["claude", "b"]), dropped("unknown_role")],
    // ShareGPT's own dumps name who answered.
    [turns(["human", "a"], ["chatgpt", "b"], ["user", "c"], ["bing", "d"]), kept],
    [turns(["human", "a"], ["gpt", null]), dropped("wrong_type")],
    [turns(["human", "a"], ["gpt", "b"], ["gpt", "c"]), dropped("role_order")],
    [turns(["human", "a"], ["gpt", "b"]).replace("conversations", "conversation"), kept],
    [turns(["human", "a"], ["human", "b"], ["gpt", "c"]), dropped("role_order")],
    [turns(["human", "a"], ["gpt", ""]), dropped("empty_answer")],
    // Rows with a system turn that says nothing were lost.
    [turns(["system", " "], ["human", "a"], ["gpt", "b"]), changed("empty_system")],
    [turns(["system", ""]), dropped("missing_answer")],
    [turns(), dropped("missing_messages")],
  ],
  alpaca: [
    [alpaca({ input: null, history: null }), kept],
    [alpaca({ output: null }), dropped("wrong_type")],
    [alpaca({ input: 5 }), dropped("wrong_type")],
    [alpaca({ instruction: "", input: "x" }), kept],
    // These ended the run with a TypeError.
    [alpaca({ history: {} }), dropped("wrong_type")],
    [alpaca({ history: 5 }), dropped("wrong_type")],
    [alpaca({ history: [["q", "r"], ["s"]] }), dropped("wrong_type")],
  ],
};

test.each(Object.entries(lines))("%s: every line has its fate", async (name, rows) => {
  await writeFile(join(root, `${name}.jsonl`), rows.map(([line]) => `${line}\n`).join(""));
  expect(await fatesOf(`${name}.jsonl`)).toEqual(rows.map(([, outcome], i) => [i + 1, ...outcome]));
});

test("an array cut short: its whole rows, one dropped for the rest, and a warning", async () => {
  await writeFile(join(root, "cut.json"), `[${chat("a", "b")},${chat("c", "d").slice(0, 20)}`);
  const events: RunEvent[] = [];
  expect(await fatesOf("cut.json", undefined, events)).toEqual([
    [0, ...kept],
    [1, ...dropped("cut_short")],
  ]);
  const message =
    "d: cut.json: expected a whole file, got one that is cut short after 1 row. What follows is dropped as one row.";
  expect(events).toContainEqual({ type: "warning", stage: "data", message });
});

test("a row that is in two members of a .gz is one row", async () => {
  const text = `${chat("a", "b")}\n${chat("c", "d")}\n`;
  const members = [text.slice(0, 30), text.slice(30, 120), text.slice(120), ""].map((part) => gzipSync(part));
  await writeFile(join(root, "members.jsonl.gz"), Buffer.concat(members));
  expect(await fatesOf("members.jsonl.gz")).toEqual([
    [1, ...kept],
    [2, ...kept],
  ]);
});

test("a CSV file with lines that end in CR alone says so; it was called empty", async () => {
  await writeFile(join(root, "cr.csv"), "instruction,output\ra,b\r");
  await expect(fatesOf("cr.csv")).rejects.toThrow(
    /cr\.csv: expected a header .*, got lines that end in CR alone\. Write LF or CRLF\./,
  );
});

test("Parquet: bytes are text where they are UTF-8, and no other type is", async () => {
  using connection = await openDuckDB();
  const values = ["'text'", "'bytes'::BLOB", "'\\xFF\\xFE'::BLOB", "7", "DATE '2024-02-29'", "['a']", "NULL"];
  const found: Outcome[] = [];
  for (const [i, value] of values.entries()) {
    const path = sqlLiteral(join(root, `${i}.parquet`));
    await connection.run(`COPY (SELECT ${value} AS instruction, 'b' AS output) TO ${path} (FORMAT parquet)`);
    const [[row, ...outcome] = [-1]] = await fatesOf(`${i}.parquet`, "alpaca");
    expect(row).toBe(0);
    found.push(outcome as unknown as Outcome);
  }
  const wrong = dropped("wrong_type");
  // Times are text, as they are in JSON.
  expect(found).toEqual([kept, kept, wrong, wrong, kept, wrong, wrong]);
});

test("a clone of a dataset's repository: what describes it is no data; links to folders are told", async () => {
  const folder = join(root, "clone");
  await mkdir(join(folder, "data"), { recursive: true });
  await writeFile(join(folder, "README.md"), "# It");
  await writeFile(join(folder, "LICENSE.txt"), "CC0");
  await writeFile(join(folder, "dataset_infos.json"), "{}");
  await writeFile(join(folder, "data", "a.jsonl"), `${chat("a", "b", ',"document":5,"meta":"x"')}\n`);
  await symlink("data", join(folder, "again"));
  const events: RunEvent[] = [];
  const data = {
    datasets: [{ name: "d", path: folder, license: "CC0-1.0" }],
    split: { validation: 0, test: 0 },
  };
  const runDir = join(root, "run-clone");
  await runDataStage(
    { runDir, emit: (event) => events.push(event), stop: { stopped: false } },
    { data, seed: 1 },
  );
  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  expect(warnings).toEqual([
    "d: again is a link to a folder and is not followed. Give the folder a dataset of its own.",
    "d: 3 files of other kinds are not read (LICENSE.txt, README.md, dataset_infos.json)",
    "d: columns not used: meta (values that are no object)",
  ]);
  for await (const { source } of readExamples(join(runDir, "data"))) expect(source.document).toBe("5");
  await symlink("nowhere", join(folder, "to.jsonl"));
  await expect(
    runDataStage({ runDir, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 }),
  ).rejects.toThrow(/clone\/to\.jsonl: expected a file that can be read, got a link to nothing/);
});

test("documents in archives: one cut short is dropped, with rubbish behind it is changed", async () => {
  const folder = join(root, "texts");
  await mkdir(folder);
  const packed = gzipSync("A text. ".repeat(5_000));
  await writeFile(join(folder, "a.txt.gz"), packed.subarray(0, -9));
  await writeFile(join(folder, "b.txt.gz"), Buffer.concat([packed, Buffer.from("x")]));
  await writeFile(join(folder, "c.txt"), Buffer.from("\ufeffWide text.", "utf16le"));
  const data = {
    datasets: [{ name: "d", path: folder, license: "CC0-1.0" }],
    split: { validation: 0, test: 0 },
  };
  const runDir = join(root, "run-texts");
  await runDataStage({ runDir, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
  const sql = `SELECT id, fate, reason, detail FROM read_parquet(${sqlLiteral(join(runDir, "data", "ledger.parquet"))})`;
  const rows: string[] = [];
  for await (const row of streamRows(sql)) rows.push(Object.values(row).join(" "));
  expect(rows).toEqual([
    expect.stringMatching(
      /^d\/a\.txt\.gz dropped cut_short expected a whole \.gz file, got one that is cut short/,
    ),
    `d/b.txt.gz changed trailing_bytes left out what stands behind the archive, from byte ${packed.length} of the file on`,
    "d/c.txt kept  ",
  ]);
});
