import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runZebra } from "./spawn.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-score-"));
const { lines } = JSON.parse(
  await readFile(new URL("../eval/longbench/fixtures/predictions.json", import.meta.url), "utf8"),
) as { lines: Record<string, unknown[]> };

it("prints what LongBench's eval.py prints of prediction files, and their mean", async () => {
  for (const [dataset, all] of Object.entries(lines))
    await writeFile(join(dir, `${dataset}.jsonl`), all.map((line) => JSON.stringify(line)).join("\n"));
  const plain = await runZebra(["score", dir]);
  expect(plain.code).toBe(0);
  expect(plain.stdout.split("\n").map((line) => line.trim().split(/ +/))).toEqual([
    ["dataset", "n", "score"],
    expect.anything(),
    ["lcc", "1", "89.00"],
    ["passage_retrieval_en", "1", "50.00"],
    ["qasper", "3", "55.56"],
    ["samsum", "2", "37.50"],
    ["trec", "3", "33.33"],
    ["mean", "53.08"],
    [""],
  ]);
  const byLength = await runZebra(["score", dir, "--e"]);
  expect(byLength.stdout).toMatch(/qasper +3 +– +66\.67 +50\.00\n/);
  const json = await runZebra(["score", dir, "--e", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    datasets: { samsum: { "0-4k": 75, "4-8k": 0, "8k+": null } },
  });
});

it("says what it wants of a folder without such files", async () => {
  const { code, stderr } = await runZebra(["score", join(dir, "none")]);
  expect([code, stderr.includes("expected a folder with prediction files, got ENOENT")]).toEqual([1, true]);
});

it("prints what RULER's evaluate.py makes of its prediction files, as a table and as its summary.csv", async () => {
  const folder = await mkdtemp(join(tmpdir(), "zebra-ruler-"));
  const line = (pred: string, outputs: string[]) => `${JSON.stringify({ pred, outputs })}\n`;
  await writeFile(
    join(folder, "vt.jsonl"),
    line("A and B", ["A", "B"]) + line("A", ["A", "B"]) + line("", ["C"]),
  );
  await writeFile(join(folder, "qa_1.jsonl"), line("it is yes.", ["no", "yes"]));
  const table = await runZebra(["score", folder, "--ruler"]);
  expect(table.stdout).toMatch(/vt +3 +1 +50\.00\n/); // (1 + ½ + 0) / 3
  expect(table.stdout).toMatch(/qa_1 +1 +0 +100\.00\n/);
  const csv = await runZebra(["score", folder, "--ruler", "--csv"]);
  expect(csv.stdout.split("\n").slice(0, 3)).toEqual(["0,1,2", "Tasks,vt,qa_1", "Score,50.0,100.0"]);
  expect((await runZebra(["score", folder, "--csv"])).stderr).toContain("--csv: expected --ruler beside it");
});
