import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { Recipe } from "../../src/contracts/recipe.ts";
import { noOptions } from "../../src/recipe/options.ts";
import { parseRecipeSource } from "../../src/recipe/source.ts";
import { resolveRecipe } from "../../src/run/recipe/load-recipe.ts";
import { startRun } from "../../src/run/start.ts";
import { writeSmallModel } from "../small-model.ts";

let folder: string;
let recipe: Recipe;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-start-"));
  await writeSmallModel(folder);
  await writeFile(join(folder, "notes.txt"), "Call me Ishmael. Some years ago.\n");
  const text = `name: notes
output_dir: ${folder}/out
model: { checkpoint: ${folder} }
data: { datasets: [{ path: ${folder}/notes.txt, format: text }] }
mix: { render: text }
finetune: { objective: pretrain }
`;
  recipe = await resolveRecipe(parseRecipeSource("r.yaml", text), [], {
    datasets: {},
    scorers: [],
    formats: { text: noOptions },
    filters: {},
    builders: {},
    benchmarks: {},
    optimizers: { adamw: noOptions },
  });
});
afterEach(() => rm(folder, { recursive: true }));

it("runs in another thread and posts events, run.end last and once", async () => {
  const events: RunEvent[] = [];
  const run = startRun(recipe, { emit: (e) => events.push(e), stages: ["data"] });
  expect(await run.finished).toMatchObject({ status: "done" });
  expect(events.map((e) => e.type).filter((type) => type !== "stage.progress")).toEqual([
    "run.start",
    "stage.start",
    "ledger",
    "stage.end",
    "run.verdict",
    "run.end",
  ]);
});

it("stops when asked, and says how to go on", async () => {
  const run = startRun(recipe, { emit: () => {}, stages: ["data"], resumeCommand: "zebra run r.yaml" });
  run.stop();
  expect(await run.finished).toMatchObject({ status: "stopped", resumeCommand: "zebra run r.yaml" });
});

it("errors cross the thread with code and message; stacks apart", async () => {
  await rm(join(folder, "notes.txt"));
  const stacks: string[] = [];
  const run = startRun(recipe, { emit: () => {}, stages: ["data"], onStack: (stack) => stacks.push(stack) });
  const end = await run.finished;
  expect(end).toMatchObject({ status: "failed", message: expect.stringContaining("notes.txt") });
  expect(JSON.stringify(end)).not.toContain("    at ");
  expect(stacks).toEqual([expect.stringContaining("    at ")]);
});

it("a thread that dies is a failed run", async () => {
  const events: RunEvent[] = [];
  const run = startRun({} as Recipe, { emit: (e) => events.push(e) });
  expect(await run.finished).toMatchObject({
    code: "E_WORKER",
    message: expect.stringContaining("the worker thread died"),
  });
  expect(events).toHaveLength(1);
});
