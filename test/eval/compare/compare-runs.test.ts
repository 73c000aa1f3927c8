import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareLines } from "../../../src/cli/output/compare-lines.ts";
import { comparePage } from "../../../src/eval/compare/compare-page.ts";
import { compareEntries } from "../../../src/eval/compare/compare-runs.ts";
import { distinctNames, readModels, readRuns } from "../../../src/eval/compare/read-runs.ts";
import { writeRun } from "./run-folder.ts";

let root: string;
const at = (name: string): string => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-compare-"));
  writeRun(at("low"), { after: 0.2 });
  writeRun(at("high"), { after: 0.6, lr: 3e-4 });
  writeRun(at("unlike"), { after: 0.6, items: ["a", "d"] });
  writeRun(at("other"), { after: 0.5, sha256: "another" });
});
afterAll(() => rm(root, { recursive: true }));

const compared = async (...names: string[]) => {
  const entries = await readRuns(names.map(at));
  const benchmarks = compareEntries(entries);
  return { entries, benchmarks, lines: compareLines(entries, benchmarks) };
};

describe("runs side by side", () => {
  it("with the model that all began with first, each with each", async () => {
    const { entries, benchmarks } = await compared("low", "high");
    expect(entries.map(({ name }) => name)).toEqual(["before", "low", "high"]);
    const [one] = benchmarks;
    expect(one?.values.map((value) => value?.value)).toEqual([0.9, 0.2, 0.6]);
    expect(one?.pairs.map(({ from, to, outcome, n }) => [from, to, outcome, n])).toEqual([
      [0, 1, "worse", 8],
      [0, 2, "worse", 8],
      [1, 2, "better", 8],
    ]);
  });

  it("say so where they began with different models or were not asked the same", async () => {
    const { entries, lines } = await compared("low", "other", "unlike");
    expect(entries.map(({ name }) => name)).toEqual(["low", "other", "unlike"]);
    const pairs = lines.filter((line) => line.includes("−"));
    expect(pairs[0]).toMatch(/other − low +\+0\.3000 \[.*\] +8 {2}0\.008 {2}▲ better$/);
    expect(pairs[1]).toMatch(/unlike − low .* not asked the same \(1 items shared, 8 not\)$/);
  });

  it("name the keys that their recipes do not share, and those alone", async () => {
    const { lines } = await compared("low", "high");
    const keys = lines.slice(lines.findIndex((line) => line.startsWith("recipe")) + 2);
    expect(keys.map((line) => line.split(/ +/))).toEqual([["finetune.lr", "–", "0.0001", "0.0003"]]);
  });

  it("as a page that runs no script and loads nothing", async () => {
    const { entries, benchmarks } = await compared("low", "unlike");
    const evil = entries.map((entry) => ({ ...entry, name: `<script>${entry.name}` }));
    const html = comparePage(evil, benchmarks);
    expect(html).toContain("script-src 'none'");
    expect(html).not.toMatch(/<script|\s(?:src|href)="|url\(|https?:/);
    expect(html).toContain("not asked the same (1 items shared, 8 not)");
  });

  it("on a board: every model once, with all that any run asked it", async () => {
    writeRun(at("more"), { after: 0.4, benchmark: "summarization", metric: "rouge1" });
    const models = await readModels(["low", "more", "other"].map(at));
    expect(models.map(({ name, asked }) => [name, [...asked.keys()]])).toEqual([
      ["low", ["long-qa"]],
      ["before", ["summarization", "long-qa"]],
      ["more", ["summarization"]],
      ["other", ["long-qa"]],
      ["before of other", ["long-qa"]],
    ]);
  });

  it("a comparison of checkpoints is named by its run and their labels", async () => {
    writeRun(join(at("low"), "compare"), { after: 0.3 });
    const models = await readModels([join(at("low"), "compare")]);
    expect(models.map(({ name }) => name)).toEqual(["after of low/compare", "before of low/compare"]);
  });

  it("a folder without an evaluation is refused, with what to do", async () => {
    await expect(readRuns([at("low"), at("none")])).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringMatching(/none\/eval\/results\.json: expected the results.*`zebra eval`/),
    });
  });

  it("names are as short as they tell the runs apart", () => {
    expect(distinctNames(["/x/a/run", "/x/b/run"])).toEqual(["a/run", "b/run"]);
    expect(distinctNames(["/x/a", "/x/b"])).toEqual(["a", "b"]);
  });
});
