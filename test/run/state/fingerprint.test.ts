import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fingerprint } from "../../../src/run/state/fingerprint.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "zebratune-fingerprint-"));
  await mkdir(join(dir, "sub"));
  await writeFile(join(dir, "a.txt"), "one");
  await writeFile(join(dir, "sub", "b.txt"), "two");
});
afterEach(() => rm(dir, { recursive: true }));

it("changes with a file's text and with its name, in folders too, and not with its time", async () => {
  const first = await fingerprint(dir, "content");
  await utimes(join(dir, "a.txt"), 1, 1);
  expect(await fingerprint(dir, "content")).toBe(first);
  await rename(join(dir, "sub", "b.txt"), join(dir, "sub", "c.txt"));
  const renamed = await fingerprint(dir, "content");
  expect(renamed).not.toBe(first);
  await writeFile(join(dir, "sub", "c.txt"), "three");
  expect(await fingerprint(dir, "content")).not.toBe(renamed);
});

it("of weights goes by size and time for large files, and by content for small ones", async () => {
  const large = join(dir, "a.txt");
  await writeFile(large, Buffer.alloc(5 << 20));
  await utimes(large, 1, 1);
  const first = await fingerprint(dir, "stat");
  await writeFile(large, Buffer.alloc(5 << 20, 1));
  await utimes(large, 1, 1);
  expect(await fingerprint(dir, "stat")).toBe(first);
  await utimes(large, 2, 2);
  expect(await fingerprint(dir, "stat")).not.toBe(first);
  await utimes(large, 1, 1);
  await writeFile(join(dir, "sub", "b.txt"), "owt");
  expect(await fingerprint(dir, "stat")).not.toBe(first);
});

it("of a path with no file is its own", async () => {
  const none = await fingerprint(join(dir, "none"), "content");
  expect(none).toMatch(/^[0-9a-f]{64}$/);
  expect(none).not.toBe(await fingerprint(dir, "content"));
});
