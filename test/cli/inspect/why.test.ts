import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { latestRun } from "../../../src/cli/inspect/why.ts";
import { dataPaths, runPaths } from "../../../src/contracts/run-folder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebratune-why-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("without --run the run is the one with the newest data", async () => {
  await expect(latestRun(folder)).rejects.toMatchObject({
    code: "E_USAGE",
    message: `${folder}: expected a run with data, got none. Name its folder: --run DIR`,
  });
  for (const [name, at] of [
    ["old", 1],
    ["new", 3],
    ["middle", 2],
  ] as const) {
    const { data } = runPaths(join(folder, name));
    await mkdir(data, { recursive: true });
    await writeFile(dataPaths(data).ledger, "");
    await utimes(dataPaths(data).ledger, at, at);
  }
  await mkdir(join(folder, "unfinished"));
  expect(await latestRun(folder)).toBe(join(folder, "new"));
});
