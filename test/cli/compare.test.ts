import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { writeRun } from "../eval/compare/run-folder.ts";
import { runZebra } from "./spawn.ts";

const fixtures = packagePath("test", "eval", "compare", "fixtures");
const pred = (model: string): string => join(fixtures, "longbench", "pred", model);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-compare-cli-"));
  writeRun(join(root, "one"), { after: 0.2 });
  writeRun(join(root, "two"), { after: 0.6 });
  writeRun(join(root, "other"), { after: 0.6, items: ["x", "y"], sha256: "another" });
});
afterAll(() => rm(root, { recursive: true }));

describe("zebra compare", () => {
  it("of LongBench's predictions: p, Holm's p and the method", async () => {
    const { code, stdout } = await runZebra(["compare", pred("small"), pred("large")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^hotpotqa +qa_f1_score +large − small .* 12 +< 0\.001 +0\.003 {2}▲ better$/m);
    expect(stdout).toContain("intervals and p by paired Student's t");
    expect(stdout).toContain("3 comparisons, so beside p stands p by Holm");
  });

  it("of other questions gives no verdict, says what only one was asked, and fails", async () => {
    const { code, stdout, stderr } = await runZebra(["compare", join(root, "one"), join(root, "other")]);
    expect(code).toBe(1);
    expect(stdout).toContain("not asked the same (0 items shared, 10 not)");
    expect(stdout).toContain(
      "long-qa: 8 only in one (a, b, c, e, f …), 2 only in other (x, y); not compared",
    );
    expect(stderr).toContain("no two of them were asked the same questions");
  });

  it("--board ranks with ties, leaves out folders without results, as lines, JSON and a page", async () => {
    const page = join(root, "board.html");
    const paths = ["one", "two", "nothing"].map((name) => join(root, name));
    const { code, stdout, stderr } = await runZebra(["compare", "--board", ...paths, "--html", page]);
    expect(code).toBe(0);
    expect(stderr).toContain(`left out, as it has no results: ${paths[2]}`);
    expect(
      stdout
        .split("\n")
        .slice(2, 5)
        .map((line) => line.trim().split(/ +/)),
    ).toEqual([
      ["before", "1.00", "0.9000", "#1"],
      ["two", "2.00", "0.6000", "#2"],
      ["one", "3.00", "0.2000", "#3"],
    ]);
    expect(await readFile(page, "utf8")).toContain("Leaderboard");
    const json = await runZebra(["compare", "--board", "--json", ...paths]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      models: [{ name: "before", mean_rank: 1 }, { name: "two" }, { name: "one" }],
      comparisons: 3,
    });
  });

  it("--board of one run has its two models", async () => {
    const { code, stdout } = await runZebra(["compare", "--board", join(root, "one")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^before of one +1\.00 .*\none +2\.00 /m);
  });

  it("needs two, and different ones", async () => {
    const one = join(root, "one");
    const alone = await runZebra(["compare", one]);
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("at least two runs") });
    const twice = await runZebra(["compare", one, one]);
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining("got one twice") });
  });
});
