import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBytes } from "../../../src/datasets/files/byte-stream.ts";
import { readRows } from "../../../src/datasets/files/read-rows.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-compressed-"));
});
afterAll(() => rm(root, { recursive: true }));

/** `[row, value or reason]` */
async function read(name: string, bytes: Uint8Array): Promise<unknown[]> {
  const path = join(root, name);
  await writeFile(path, bytes);
  const rows: unknown[] = [];
  for await (const row of readRows(path, name))
    rows.push([row.place.row, "value" in row ? row.value : row.dropped.reason]);
  return rows;
}

const line = (i: number) => `{"a":${i},"b":"${Math.sin(i)} ${Math.cos(i)}"}\n`;
const lines = (n: number) => Array.from({ length: n }, (_, i) => line(i)).join("");
const whole = [1, 2].map((row) => [row, JSON.parse(line(row - 1)) as object]);

// All rows were lost with the error; Node's gunzip gives up together with what it had read.
test.each<[string, Buffer]>([
  ["gz", Buffer.concat([gzipSync(lines(2)), Buffer.from("rubbish")])],
  ["gz", Buffer.concat([gzipSync(line(0)), gzipSync(line(1)), Buffer.from([0x1f, 0x8b, 0x77])])],
  ["gz", Buffer.concat([gzipSync(lines(2).trimEnd()), Buffer.alloc(9), Buffer.from("x")])],
  ["zst", Buffer.concat([zstdCompressSync(lines(2)), Buffer.from("rubbish")])],
])("rubbish behind a .%s is one dropped row more", async (kind, bytes) => {
  expect(await read(`rubbish.jsonl.${kind}`, bytes)).toEqual([...whole, [3, "trailing_bytes"]]);
});

test("zeros behind a .gz are padding, frames without content in a .zst are passed over", async () => {
  expect(await read("zeros.jsonl.gz", Buffer.concat([gzipSync(lines(2)), Buffer.alloc(70_000)]))).toEqual(
    whole,
  );
  const skippable = Buffer.from("502a4d180400000061626364", "hex");
  const bytes = Buffer.concat([skippable, zstdCompressSync(lines(2)), skippable]);
  expect(await read("skip.jsonl.zst", bytes)).toEqual(whole);
});

// They stopped the run.
test.each<[string, string, number]>([
  ["jsonl", lines(20_000), 1],
  ["json", `[${lines(20_000).trim().replaceAll("\n", ",")}]`, 0],
  ["csv", `a,b\n${lines(20_000).replaceAll(/[{}"]/g, "")}`, 2],
])("a compressed .%s that is cut short has its whole rows, and one dropped", async (ending, text, first) => {
  for (const [kind, pack] of [
    ["gz", gzipSync],
    ["zst", zstdCompressSync],
  ] as const) {
    const all = await read(`whole.${ending}.${kind}`, pack(text));
    const packed = pack(text);
    const rows = await read(`cut.${ending}.${kind}`, packed.subarray(0, packed.length >> 1));
    expect(rows.length).toBeGreaterThan(5_000);
    expect(rows.length).toBeLessThan(15_000);
    // None of them is half of one.
    expect(rows.slice(0, -1)).toEqual(all.slice(0, rows.length - 1));
    expect(rows.at(-1)).toEqual([rows.length - 1 + first, "cut_short"]);
  }
});

test("a small archive that is cut short behind its last row: the row is there, its sum is not", async () => {
  expect(await read("sum.jsonl.gz", gzipSync(lines(2)).subarray(0, -4))).toEqual([
    ...whole,
    [3, "cut_short"],
  ]);
  const array = gzipSync(`[${lines(2).trim().replace("\n", ",")}]`).subarray(0, -4);
  expect(await read("sum.json.gz", array)).toEqual([
    [0, whole[0]![1]],
    [1, whole[1]![1]],
    [2, "cut_short"],
  ]);
});

test("compressed by its first bytes, whatever its name", async () => {
  expect(await read("named.jsonl", gzipSync(lines(2)))).toEqual(whole);
  expect(await read("named.json", zstdCompressSync(lines(2)))).toEqual(whole);
});

test("a .gz header with name, comment, extra field and sum of the header", async () => {
  const plain = gzipSync(lines(2));
  const flags = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]);
  const parts = Buffer.from("\x03\0abcname\0comment\0\x12\x34", "latin1");
  expect(await read("head.jsonl.gz", Buffer.concat([flags, parts, plain.subarray(10)]))).toEqual(whole);
});

test("any bytes in any number of members come back, in the order of the file", async () => {
  const path = join(root, "any.gz");
  const property = fc.asyncProperty(
    fc.array(fc.uint8Array({ maxLength: 200_000 }), { minLength: 1, maxLength: 5 }),
    async (parts) => {
      const found: Uint8Array[] = [];
      // A letter first: other bytes may be a mark of UTF-16 or of another kind of file.
      await writeFile(path, Buffer.concat([gzipSync("text"), ...parts.map((part) => gzipSync(part))]));
      for await (const chunk of openBytes(path).chunks) found.push(chunk);
      expect(Buffer.concat(found)).toEqual(Buffer.concat([Buffer.from("text"), ...parts]));
    },
  );
  await fc.assert(property, { numRuns: 20 });
});

test.each(["utf-16le", "utf-16be"])("%s with a byte order mark is read", async (encoding) => {
  const text = `\ufeff${lines(20_000)}{"a":"\u00e9\ud83d\ude00"}\n`;
  const bytes = Buffer.from(text, "utf16le");
  const rows = await read("wide.jsonl", encoding === "utf-16le" ? bytes : bytes.swap16());
  expect(rows.slice(0, 2)).toEqual(whole);
  expect(rows.length).toBe(20_001);
  expect(rows.at(-1)).toEqual([20_001, { a: "\u00e9\ud83d\ude00" }]);
});

test("progress over members ends at the file's size", async () => {
  const path = join(root, "progress.gz");
  const bytes = Buffer.concat(Array.from({ length: 50 }, (_, i) => gzipSync(line(i))));
  await writeFile(path, bytes);
  const { chunks, readBytes } = openBytes(path);
  for await (const _ of chunks) expect(readBytes()).toBeLessThanOrEqual(bytes.length);
  expect(readBytes()).toBe(bytes.length);
});
