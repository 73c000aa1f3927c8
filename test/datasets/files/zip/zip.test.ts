import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { unzipTo, zipEntries } from "../../../../src/datasets/files/zip/zip.ts";
import { zipOf } from "../../../zip-of.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-zip-"));
const files = { "data/a.jsonl": '{"a": "é"}\n'.repeat(5000), "data/": "", "b.txt": "as it is" };

it("gives the files of an archive, deflated or not", async () => {
  const path = join(dir, "all.zip");
  await writeFile(path, zipOf(files));
  const entries = await zipEntries(path);
  expect(entries.map(({ name, method }) => [name, method])).toEqual([
    ["data/a.jsonl", 8],
    ["data/", 0],
    ["b.txt", 0],
  ]);
  for (const entry of entries.filter(({ name }) => !name.endsWith("/"))) {
    const to = join(dir, "out");
    await unzipTo(path, entry, to);
    expect(await readFile(to, "utf8")).toBe(files[entry.name as keyof typeof files]);
  }
});

it("refuses what is none, is cut short, or has more in it than it says", async () => {
  const whole = zipOf(files);
  const path = join(dir, "bad.zip");
  await writeFile(path, whole.subarray(0, whole.length - 30));
  await expect(zipEntries(path)).rejects.toThrow("expected a zip archive, got no directory at its end");
  await writeFile(path, "not a zip");
  await expect(zipEntries(path)).rejects.toThrow("expected a zip archive");
  await writeFile(path, whole);
  const [entry] = await zipEntries(path);
  await expect(unzipTo(path, { ...entry!, sizeBytes: 100 }, join(dir, "out"))).rejects.toThrow(
    "more than its 100 bytes",
  );
  await expect(unzipTo(path, { ...entry!, sizeBytes: 1e6 }, join(dir, "out"))).rejects.toThrow(
    "60000 of its 1000000 bytes",
  );
  await expect(unzipTo(path, { ...entry!, at: 3 }, join(dir, "out"))).rejects.toThrow("no file where");
  expect(crc32(deflateRawSync("x"))).toBeGreaterThan(0);
});
