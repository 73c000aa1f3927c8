import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type RunEvent, type StageName, stageOrder } from "../../src/contracts/events.ts";
import { stagePaths } from "../../src/contracts/run-folder.ts";
import { probeDevice } from "../../src/engine/choice/probe.ts";
import { parseRecipeSource } from "../../src/recipe/source.ts";
import { runPipeline } from "../../src/run/pipeline.ts";
import { knownNames } from "../../src/run/recipe/known-names.ts";
import { resolveRecipe } from "../../src/run/recipe/load-recipe.ts";
import type { Runner } from "../../src/run/runners.ts";
import { createStopFlag } from "../../src/run/stop.ts";
import { writeSmallModel } from "../small-model.ts";

let folder: string;
let ran: StageName[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-first-"));
  await writeSmallModel(join(folder, "model"));
  await writeFile(join(folder, "notes.jsonl"), '{"text":"a"}\n');
});

async function eventsOf(...overrides: string[]): Promise<RunEvent[]> {
  const text = `output_dir: ${folder}/out
model: { checkpoint: ${folder}/model }
data: { datasets: [{ path: ${folder}/notes.jsonl }] }
mix: { render: text }
finetune: { objective: pretrain }
eval: { benchmarks: [{ name: perplexity }] }
`;
  const recipe = await resolveRecipe(parseRecipeSource("r.yaml", text), overrides, await knownNames());
  ran = [];
  const runner = (stage: StageName): Runner => {
    return async (ctx) => {
      ran.push(stage);
      const { result } = stagePaths(ctx.runDir, stage);
      await mkdir(join(result, ".."), { recursive: true });
      await writeFile(result, "{}");
    };
  };
  const runners = Object.fromEntries(stageOrder.map((stage) => [stage, runner(stage)])) as Record<
    StageName,
    Runner
  >;
  const events: RunEvent[] = [];
  await runPipeline(recipe, { emit: (event) => events.push(event), stop: createStopFlag(), runners });
  return events;
}

describe("before any stage is told", () => {
  // Once told when data and mix were made.
  it.each(["finetune.device=cuda", "eval.device=cuda"])("%s where there is none", async (override) => {
    if ((await probeDevice("cuda")).isUsable) return;
    const events = await eventsOf(override);
    expect(events.at(-1)).toMatchObject({ type: "run.end", status: "failed", code: "E_ENGINE" });
    expect(events.map(({ type }) => type)).toEqual(["run.start", "run.end"]);
    expect(ran).toEqual([]);
  });

  it("a length that the model has not seen, with both numbers", async () => {
    const warnings = async (...overrides: string[]) =>
      (await eventsOf(...overrides))
        .flatMap((event) => (event.type === "warning" ? [event.message] : []))
        .filter((message) => message.includes("max_seq_tokens"));
    const numbers =
      "mix.max_seq_tokens is 1,000,000, but the model says that it has seen at most 4,096 tokens " +
      "(max_position_embeddings): ";
    expect(await warnings("mix.max_seq_tokens=1000000")).toEqual([
      `${numbers}this run adapts it, best in steps of a few times the length`,
    ]);
    expect(await warnings("mix.max_seq_tokens=4096")).toEqual([]);
    expect(ran).toEqual(stageOrder.slice(1));
  });
});
