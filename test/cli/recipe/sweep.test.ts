import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSweep, shareData, sweepLines } from "../../../src/cli/recipe/sweep.ts";
import { beginStage, completeRecord, copyStage, writeRecord } from "../../../src/run/state/record.ts";
import { writeRun } from "../../eval/compare/run-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-sweep-"));

describe("--sweep", () => {
  it("is one key and at least two different values", () => {
    expect(parseSweep("mix.long_fraction=0,0.2, 0.4")).toEqual({
      key: "mix.long_fraction",
      values: ["0", "0.2", "0.4"],
    });
    for (const wrong of ["mix.long_fraction", "a=1", "a=1,1", "a=1,../x", "=1,2"])
      expect(() => parseSweep(wrong)).toThrow(expect.objectContaining({ name: "UsageError" }));
  });

  it("the runs are compared with what they began with, as lines and as a page", async () => {
    const runs = ["0", "0.4"].map((value, k) => {
      const dir = join(root, value);
      writeRun(dir, { after: 0.25 + k / 2 });
      return { value, dir };
    });
    const page = join(root, "sweep.html");
    const lines = await sweepLines(
      "mix.long_fraction",
      [...runs, { value: "1", dir: join(root, "none") }],
      page,
    );
    expect(lines[0]).toBe("benchmark  figure  before  long_fraction 0  long_fraction 0.4");
    expect(lines[2]).toBe("long-qa    F1      0.9000           0.2500             0.7500");
    expect(lines.at(-1)).toBe("without an evaluation: mix.long_fraction = 1");
    expect(readFileSync(page, "utf8")).toContain("long_fraction 0.4 − long_fraction 0");
  });

  it("data with the same inputs are made once and copied to the other runs", async () => {
    const [made, other, unlike] = ["made", "other", "unlike"].map((name) => join(root, "share", name));
    const record = { stage: "data" as const, durationMs: 1, summary: {}, results: [] };
    for (const [dir, inputHash] of [
      [made!, "hash"],
      [unlike!, "another"],
    ] as const) {
      mkdirSync(join(dir, "data"), { recursive: true });
      await beginStage(dir, "data", inputHash);
      writeFileSync(join(dir, "data", "manifest.json"), JSON.stringify(inputHash));
      await writeRecord(dir, { ...record, inputHash });
    }
    await shareData([unlike!, made!, other!], other!, "hash");
    expect(await completeRecord(other!, "data", "hash")).toMatchObject({ inputHash: "hash" });
    expect(readFileSync(join(other!, "data", "manifest.json"), "utf8")).toBe('"hash"');
    writeFileSync(join(other!, "data", "manifest.json"), "kept");
    await shareData([unlike!, made!, other!], other!, "hash");
    expect(readFileSync(join(other!, "data", "manifest.json"), "utf8")).toBe("kept");
    await shareData([made!, other!], join(root, "share", "third"), "no such hash");
    expect(existsSync(join(root, "share", "third"))).toBe(false);
  });

  it("a stage is taken over with its record, and not over another's files", async () => {
    const [from, to] = [join(root, "from"), join(root, "to")];
    mkdirSync(join(from, "data"), { recursive: true });
    await beginStage(from, "data", "hash");
    writeFileSync(join(from, "data", "manifest.json"), "{}");
    await writeRecord(from, { stage: "data", inputHash: "hash", durationMs: 1, summary: {}, results: [] });
    await copyStage(from, to, "data", "hash");
    expect(await completeRecord(to, "data", "hash")).toMatchObject({ stage: "data" });
    expect(readFileSync(join(to, "data", "manifest.json"), "utf8")).toBe("{}");
    expect(existsSync(join(to, "data.tmp"))).toBe(false);
    const foreign = join(root, "foreign");
    mkdirSync(join(foreign, "data"), { recursive: true });
    writeFileSync(join(foreign, "data", "mine.txt"), "");
    await expect(copyStage(from, foreign, "data", "hash")).rejects.toMatchObject({
      code: "E_FOREIGN_FOLDER",
    });
  });
});
