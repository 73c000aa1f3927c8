import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventOf, RunEvent } from "../../src/contracts/events.ts";
import { packageRoot } from "../../src/package-root.ts";
import { runZebra } from "./spawn.ts";

const fixtures = join(packageRoot(), "test/eval/tasks/fixtures");
const lcat = join(packageRoot(), "checkpoints/zebra-nano-lcat");

let root: string;
let events: (RunEvent | { type: "eval.tasks"; models: Record<string, { tasks: object }> })[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-view-"));
  const task = join(fixtures, "choice.yaml");
  const { stdout } = await runZebra([
    "eval",
    "--tasks",
    task,
    "--checkpoint",
    `a=${lcat}`,
    "--output",
    root,
    "--json",
  ]);
  events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as (typeof events)[number]);
});
afterAll(() => rm(root, { recursive: true }));

describe("zebra eval --tasks --json", () => {
  it("writes events: the plan, running scores, samples; then all results and the end", () => {
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(["run.start", "stage.start"]);
    expect(types.slice(-2)).toEqual(["eval.tasks", "run.end"]);
    const plans = events.filter((event) => event.type === "eval.plan");
    expect(plans.at(-1)).toMatchObject({
      models: ["a"],
      benchmarks: [{ name: "fixture_choice", items: 12 }],
    });
    const running = events.filter((event): event is EventOf<"eval.running"> => event.type === "eval.running");
    expect(running[0]).toMatchObject({ done: 0, total: 12, known: 0 });
    expect(running.at(-1)).toMatchObject({ done: 12, failed: 0, score: { metric: "acc", value: 0.25 } });
    expect(running.at(-1)!.tokens).toBeGreaterThan(100);
    expect(types.filter((type) => type === "eval.sample")).toHaveLength(12);
    const last = events.find((event) => event.type === "eval.tasks");
    expect(last).toMatchObject({
      models: { a: { tasks: { fixture_choice: { n_samples: { effective: 12 } } } } },
    });
  });
});

it("zebra eval --tasks --json ends with why it failed, also before anything was asked", async () => {
  const { code, stdout } = await runZebra(["eval", "--tasks", "no_such", "--checkpoint", lcat, "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ type: "run.end", status: "failed", code: "E_CONFIG" });
});

describe("zebra eval view", () => {
  it("lists scores and samples in lines, those that are asked for", async () => {
    const { code, stdout } = await runZebra(["eval", "view", root]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/fixture_choice +a +acc +0\.2500 +\[0\.08894, 0\.5323\] +12 +0 +0/);
    expect(stdout.match(/^fixture_choice +\d+ [0-9a-f]{12}/gm)).toHaveLength(12);
    const wrong = await runZebra(["eval", "view", root, "--filter", "wrong", "--search", "whale", "--json"]);
    const lines = wrong.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; answers?: { a: { scores: { acc: number } } } });
    const samples = lines.filter(({ type }) => type === "sample");
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.length).toBeLessThan(12);
    for (const { answers } of samples) expect(answers!.a.scores.acc).toBe(0);
  });

  it("tells what it expects of a folder without samples", async () => {
    const { code, stderr } = await runZebra(["eval", "view", fixtures]);
    expect(code).toBe(1);
    expect(stderr).toContain("expected samples of an evaluation, got none");
  });
});
