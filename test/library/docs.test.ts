import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { compile, makeConsumer, runNode } from "./consumer.ts";

const text = readFileSync(packagePath("docs", "library.md"), "utf8");
const blocks = [...text.matchAll(/^```ts( run)?\n([\s\S]*?)^```$/gm)].map(([, run, code]) => ({
  isRun: run !== undefined,
  code: code!,
}));
let folder: string;

beforeAll(async () => {
  folder = await makeConsumer();
  for (const [i, { code }] of blocks.entries()) await writeFile(join(folder, `example-${i}.ts`), code);
});
afterAll(() => rm(folder, { recursive: true }));

it("every example compiles against the built types, libraries checked too", async () => {
  expect(blocks.length).toBeGreaterThan(3);
  expect(await compile(folder)).toEqual({ code: 0, stdout: "", stderr: "" });
});

it("the types refuse what a recipe does not have", async () => {
  const other = await makeConsumer();
  const line = (recipe: string) =>
    `defineRecipe({ name: "a", model: {}, data: { datasets: [] }, ${recipe} });`;
  const wrong = [
    "finetune: { learning_rate: 1 }",
    'finetune: { method: "qlora" }',
    'eval: { benchmarks: [{ name: "long-q" }] }',
    'eval: { benchmarks: [{ name: "passkey", options: { length: "short" } }] }',
  ];
  const lines = ['import { defineRecipe } from "zebratune";', line("seed: 1"), ...wrong.map(line)];
  await writeFile(join(other, "wrong.ts"), lines.join("\n"));
  const { stdout } = await compile(other);
  const told = [...stdout.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, at]) => Number(at));
  expect([...new Set(told)]).toEqual([3, 4, 5, 6]);
  await rm(other, { recursive: true });
});

it.each(blocks.flatMap(({ isRun }, i) => (isRun ? [i] : [])))(
  "example %i runs and ends by itself",
  async (i) => {
    const { code, stdout, stderr } = await runNode(folder, [`example-${i}.ts`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    if (i === 0) {
      expect(stdout).toMatch(/^step 1: loss [\d.]+\nstep 2: loss [\d.]+\n/);
      expect(stdout).toContain(join("runs", "first", "train", "final"));
      expect(stdout).toContain("benchmark: 'perplexity'");
      expect(stdout).toMatch(/(stop|length) \d+\n$/);
    } else expect(stdout).toMatch(/\ntrue\n$/);
  },
);
