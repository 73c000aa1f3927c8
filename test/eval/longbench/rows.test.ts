import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { hubSettings } from "../../../src/datasets/hub/settings.ts";
import { openRows } from "../../../src/eval/longbench/rows.ts";
import { commitOf, startHub } from "../../datasets/hub/hub-server.ts";
import { zipOf } from "../../zip-of.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-longbench-rows-"));

async function all(rows: AsyncGenerator<unknown>): Promise<unknown[]> {
  return await Array.fromAsync(rows);
}

it("reads data.zip of a dataset of the Hub, and files of one without it, each once", async () => {
  const lines = '{"a": 1}\n{"a": 2}\n'.repeat(60);
  await using hub = await startHub({
    "ann/zipped": {
      files: { "data.zip": zipOf({ "data/qasper.jsonl": lines }), "LongBench.py": Buffer.from("x") },
    },
    "ann/plain": { files: { "data.json": Buffer.from('[{"b": 1}]') } },
  });
  const settings = { ...hubSettings({ HF_HOME: dir }), endpoint: hub.url };
  const zipped = await openRows("ann/zipped", "main", settings);
  expect(zipped.names).toEqual(["qasper"]);
  expect(zipped.revision).toBe(commitOf(hub.repos["ann/zipped"]!));
  expect((await all(zipped.rows("qasper"))).length).toBe(120);
  expect((await all(zipped.rows("qasper"))).slice(0, 2)).toEqual([{ a: 1 }, { a: 2 }]);
  const asked = hub.log.filter(({ line }) => line.includes("data.zip"));
  expect(asked).toHaveLength(1);
  expect(hub.log.some(({ line }) => line.includes("LongBench.py"))).toBe(false);
  const plain = await openRows("ann/plain", "main", settings);
  expect(await all(plain.rows("data"))).toEqual([{ b: 1 }]);
  // Offline, what is in the cache is read.
  const offline = await openRows("ann/zipped", "main", { ...settings, offline: true });
  expect((await all(offline.rows("qasper"))).length).toBe(120);
});

it("names what is not there, and the row that cannot be read", async () => {
  await expect(openRows(join(dir, "no"), "main")).rejects.toThrow("expected a file, a folder or a dataset");
  await writeFile(join(dir, "bad.jsonl"), '{"a": 1}\nnot json\n');
  const bad = await openRows(join(dir, "bad.jsonl"), "main");
  await expect(all(bad.rows("bad"))).rejects.toThrow("bad.jsonl:2: expected a row");
  await expect(all(bad.rows("other"))).rejects.toThrow("expected other.jsonl, got bad");
});

it("files of a folder come before those of the same name below it; two alike are refused", async () => {
  const folder = join(dir, "folder");
  for (const [path, a] of [
    ["runs/x/qasper.jsonl", 1],
    ["data/qasper.jsonl", 2],
  ] as const) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify({ a }));
  }
  const rows = async () => await all((await openRows(folder, "main")).rows("qasper"));
  expect(await rows()).toEqual([{ a: 2 }]);
  await writeFile(join(folder, "qasper.jsonl"), '{"a": 3}');
  expect(await rows()).toEqual([{ a: 3 }]);
  const deep = join(dir, "deep");
  for (const place of ["one", "two"]) {
    await mkdir(join(deep, place), { recursive: true });
    await writeFile(join(deep, place, "qasper.jsonl"), "{}");
  }
  await expect(all((await openRows(deep, "main")).rows("qasper"))).rejects.toThrow(
    "expected one file named qasper, got 2 of them",
  );
});
