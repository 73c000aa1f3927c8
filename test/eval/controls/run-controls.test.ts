import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { EvalSpec } from "../../../src/contracts/recipe.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import type { ControlResult } from "../../../src/eval/controls/control-results.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { runEvalStage } from "../../../src/eval/stage.ts";
import { evalSpec } from "../eval-spec.ts";
import { writeTinyCheckpoint } from "../tiny-checkpoint.ts";

let root: string;
const events: RunEvent[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-controls-"));
  const ctx = { runDir: root, emit: () => {}, stop: { stopped: false } };
  const datasets = [
    { name: "sotu", catalog: "state-of-the-union", limit: 120, options: { max_chars: 5000 } },
  ];
  await runDataStage(ctx, { data: { datasets, split: { validation: 0.1, test: 0.5 } }, seed: 1 });
  await writeTinyCheckpoint(join(root, "model"), 1);
});
afterAll(() => rm(root, { recursive: true }));

async function run(name: string, controls: EvalSpec["controls"]) {
  const runDir = join(root, name);
  const benchmarks = [
    { name: "long-qa", limit: 4 },
    { name: "multiple-choice", limit: 4 },
    { name: "passkey", limit: 2, options: { lengths: [256] } },
  ];
  const spec = { eval: evalSpec({ max_seq_tokens: 640, benchmarks, controls }), dataDir: join(root, "data") };
  const emit = (event: RunEvent) => events.push(event);
  const models = [{ label: "one", dir: join(root, "model") }];
  await runEvalStage({ runDir, emit, stop: { stopped: false } }, { ...spec, models });
  const results = JSON.parse(await readFile(join(runDir, "eval", "results.json"), "utf8")) as Results;
  const page = await readFile(join(runDir, "report.html"), "utf8");
  return { runDir, results, page };
}

const named = ({ benchmark, control }: ControlResult): string => `${benchmark} ${control}`;

describe("controls of a real model", () => {
  it("those that ask nothing are always there", async () => {
    const { results } = await run("cheap", []);
    expect(results.controls?.map(named)).toEqual([
      "long-qa majority",
      "multiple-choice majority",
      "multiple-choice position",
    ]);
    const position = results.controls!.find(({ control }) => control === "position");
    const { positions } = position as Extract<ControlResult, { control: "position" }>;
    expect(positions.reduce((sum, { n }) => sum + n, 0)).toBe(4);
    const acc = results.results.find(({ metric, slice }) => metric === "acc" && slice === "")!;
    expect(positions.reduce((sum, { right }) => sum + right, 0) / 4).toBe(acc.value);
  });

  it("without the document the prompts are short, the scores of all others stay the same", async () => {
    const plain = await run("plain", []);
    const { results, runDir, page } = await run("all", ["no_context", "shuffled_context", "contamination"]);
    expect(results.results).toEqual(plain.results.results);
    expect(results.controls?.map(named)).toEqual([
      ...["long-qa majority", "long-qa no_context", "long-qa shuffled_context", "long-qa contamination"],
      ...["multiple-choice majority", "multiple-choice position"],
      ...["multiple-choice no_context", "multiple-choice shuffled_context", "multiple-choice contamination"],
    ]);
    const linesOf = async (name: string) =>
      (await readFile(join(runDir, "eval", "samples", "one", `${name}.jsonl`), "utf8"))
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => JSON.parse(line) as { id: string; tokens: number; target: string });
    const [own, without, shuffled] = await Promise.all(
      ["long-qa", "long-qa.no_context", "long-qa.shuffled_context"].map(linesOf),
    );
    const sorted = (lines: typeof own) => lines!.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(without).map(({ id, target }) => [id, target])).toEqual(
      sorted(own).map(({ id, target }) => [id, target]),
    );
    for (const [i, { tokens }] of sorted(without).entries()) {
      expect(tokens).toBeLessThan(200);
      expect(tokens).toBeLessThan(sorted(own)[i]!.tokens - 100);
      expect(sorted(shuffled)[i]!.tokens).toBeGreaterThan(0.8 * sorted(own)[i]!.tokens);
    }
    for (const control of results.controls!) {
      if (control.control === "position" || control.control === "contamination") continue;
      expect(control.difference).toBeCloseTo(control.score - control.value, 12);
      const { headline } = { headline: { "long-qa": "f1", "multiple-choice": "acc" } };
      expect(control.metric).toBe(headline[control.benchmark as keyof typeof headline]);
    }
    const clean = results.controls!.find(({ control }) => control === "contamination");
    // Documents are in one split alone.
    expect(clean).toMatchObject({ n: 4, contaminated: [] });
    expect((clean as { rows: number }).rows).toBeGreaterThan(10);
    expect(page).toContain("without the document");
    // Its answers are none of the benchmark's.
    const shown = events.flatMap((event) => (event.type === "eval.sample" ? [event.benchmark] : []));
    expect([...new Set(shown)].sort()).toEqual(["long-qa", "multiple-choice", "passkey"]);
  });
});
