import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeAdapter } from "../../src/checkpoint/adapter/adapter.ts";
import { type RunEvent, type StageName, Stopped, stageOrder } from "../../src/contracts/events.ts";
import type { Recipe } from "../../src/contracts/recipe.ts";
import { stagePaths } from "../../src/contracts/run-folder.ts";
import { DataError } from "../../src/errors.ts";
import { noOptions } from "../../src/recipe/options.ts";
import { parseRecipeSource } from "../../src/recipe/source.ts";
import { type PipelineOptions, runPipeline } from "../../src/run/pipeline.ts";
import { resolveRecipe } from "../../src/run/recipe/load-recipe.ts";
import type { Runner } from "../../src/run/runners.ts";
import { modelsOf } from "../../src/run/state/models.ts";
import { createStopFlag } from "../../src/run/stop.ts";
import { smallConfig, writeSmallModel } from "../small-model.ts";

let folder: string;
let ran: StageName[];
let runners: Record<StageName, Runner>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-run-"));
  await mkdir(join(folder, "model"));
  await writeSmallModel(join(folder, "model"));
  await writeFile(join(folder, "notes.jsonl"), '{"a":1}\n');
  ran = [];
  const settings = { device: "cpu", max_seq_tokens: 8, benchmarks: [] };
  const noResults = { version: 1, models: [], settings, results: [], comparisons: [], counts: [] };
  // What the pipeline sees of a stage: the file it writes last, its events, and what it throws.
  const runner =
    (stage: StageName): Runner =>
    async (ctx) => {
      ran.push(stage);
      const result = join(
        stagePaths(ctx.runDir, stage).result,
        ...(stage === "finetune" ? ["config.json"] : []),
      );
      await mkdir(join(result, ".."), { recursive: true });
      await writeFile(result, stage === "eval" ? JSON.stringify(noResults) : "{}");
      if (stage === "data") {
        const counts = { kept: 1, dropped: 2, shortened: 0, changed: 0, reasons: {} };
        ctx.emit({ type: "ledger", dataset: "notes", ...counts });
      }
      ctx.emit({ type: "stage.end", stage, durationMs: 1, summary: { made: stage } });
    };
  runners = { data: runner("data"), mix: runner("mix"), finetune: runner("finetune"), eval: runner("eval") };
});
afterEach(() => rm(folder, { recursive: true }));

async function recipe(...overrides: string[]): Promise<Recipe> {
  const text = `name: test
output_dir: ${folder}/out
model: { checkpoint: ${folder}/model }
data: { datasets: [{ path: ${folder}/notes.jsonl }] }
eval: { benchmarks: [{ name: long-qa }] }
`;
  return resolveRecipe(parseRecipeSource("r.yaml", text), overrides, {
    datasets: {},
    formats: {},
    scorers: [],
    filters: {},
    builders: { needle: noOptions },
    benchmarks: { "long-qa": noOptions },
    optimizers: { adamw: noOptions },
  });
}

async function run(of: Recipe, options: Partial<PipelineOptions> = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  ran = [];
  const end = await runPipeline(of, {
    emit: (e) => events.push(e),
    stop: createStopFlag(),
    runners,
    ...options,
  });
  expect(events.at(-1)).toEqual(end);
  expect(existsSync(join(folder, "out", "run.lock"))).toBe(false);
  return events;
}

const brief = (events: RunEvent[]) =>
  events.map((e) =>
    "stage" in e ? `${e.type} ${e.stage}` : e.type === "run.end" ? `${e.type} ${e.status}` : e.type,
  );

describe("stages", () => {
  it("run in order, each told once, with the summary the stage gave", async () => {
    const events = await run(await recipe());
    expect(brief(events)).toEqual([
      "run.start",
      "stage.start data",
      "ledger",
      "stage.end data",
      "stage.start mix",
      "stage.end mix",
      "stage.start finetune",
      "stage.end finetune",
      "stage.start eval",
      "stage.end eval",
      "run.verdict",
      "run.end done",
    ]);
    expect(events.find((e) => e.type === "stage.end")).toMatchObject({ summary: { made: "data" } });
    expect(await readFile(join(folder, "out", "recipe.yaml"), "utf8")).toContain("objective: instruct");
  });

  it("are skipped when complete and unchanged, and show their results again", async () => {
    await run(await recipe());
    const events = await run(await recipe());
    expect(ran).toEqual([]);
    expect(brief(events)).toEqual([
      "run.start",
      "stage.skip data",
      "ledger",
      "stage.skip mix",
      "stage.skip finetune",
      "stage.skip eval",
      "run.verdict",
      "run.end done",
    ]);
  });

  it("run up to the one that is asked for, whatever the order they are named in", async () => {
    await run(await recipe(), { stages: ["mix", "data"] });
    expect(ran).toEqual(["data", "mix"]);
    await run(await recipe());
    expect(ran).toEqual(["finetune", "eval"]);
  });

  it("a verdict that cannot be made is told, and the work is done all the same", async () => {
    const odd: Runner = async (ctx, ...rest) => {
      await runners.eval(ctx, ...rest);
      await writeFile(stagePaths(ctx.runDir, "eval").result, "{}");
    };
    const events = await run(await recipe(), { runners: { ...runners, eval: odd } });
    expect(brief(events).slice(-3)).toEqual(["stage.end eval", "warning eval", "run.end done"]);
    expect(events.at(-2)).toMatchObject({ message: expect.stringContaining("what it comes to") });
  });

  it("an evaluation of nothing is left out, and says so", async () => {
    const events = await run(await recipe("eval.benchmarks=[]"));
    expect(ran).toEqual(["data", "mix", "finetune"]);
    expect(events.at(-3)).toEqual({
      type: "stage.skip",
      stage: "eval",
      reason: "the recipe names no benchmarks and no tasks",
    });
  });
});

describe("what has changed is run again, with all that depends on it", () => {
  const cases: [string, string[], StageName[]][] = [
    ["the seed, which data has no use for", ["seed=1"], ["mix", "finetune", "eval"]],
    ["the data", ["data.split.test=0.3"], ["data", "mix", "finetune", "eval"]],
    ["the mix", ["mix.max_seq_tokens=99"], ["mix", "finetune", "eval"]],
    ["the tuning", ["finetune.lr=1"], ["finetune", "eval"]],
    ["the benchmarks", ["eval.benchmarks.0.limit=1"], ["eval"]],
  ];
  it.each(cases)("%s", async (_, overrides, expected) => {
    await run(await recipe());
    await run(await recipe(...overrides));
    expect(ran).toEqual(expected);
  });

  it("the seed, where examples are built by it", async () => {
    const build = 'data.datasets.0.build={ name: "needle" }';
    await run(await recipe(build));
    await run(await recipe(build, "seed=1"));
    expect(ran).toEqual(["data", "mix", "finetune", "eval"]);
  });

  it("but benchmarks of checkpoints that are there already are the same for every seed", async () => {
    const models = [{ label: "one", dir: join(folder, "model") }];
    const stages: StageName[] = ["data", "eval"];
    await run(await recipe(), { models, stages });
    expect(ran).toEqual(["data", "eval"]);
    await run(await recipe("seed=1"), { models, stages });
    expect(ran).toEqual([]);
  });

  const files: [string, string, StageName[]][] = [
    ["a source file", "notes.jsonl", ["data", "mix", "finetune", "eval"]],
    ["the tokenizer", "model/tokenizer.json", ["mix", "finetune", "eval"]],
    ["its settings", "model/tokenizer_config.json", ["mix", "finetune", "eval"]],
    ["its special tokens", "model/special_tokens_map.json", ["mix", "finetune", "eval"]],
    ["its chat template", "model/chat_template.jinja", ["mix", "finetune", "eval"]],
    ["its template for tools", "model/additional_chat_templates/tool_use.jinja", ["mix", "finetune", "eval"]],
    ["the checkpoint", "model/config.json", ["finetune", "eval"]],
  ];
  it.each(files)("%s", async (_, file, expected) => {
    await run(await recipe());
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const changed = file.endsWith("config.json") ? { ...smallConfig, b: 2 } : { b: 2 };
    await writeFile(join(folder, file), JSON.stringify(changed));
    await run(await recipe());
    expect(ran).toEqual(expected);
  });

  it("what examples must not repeat", async () => {
    const benchmark = join(folder, "bench.txt");
    const curate = `data.curate.decontaminate={ files: ["${benchmark}"] }`;
    await writeFile(benchmark, "one");
    await run(await recipe(curate));
    await writeFile(benchmark, "two");
    await run(await recipe(curate));
    expect(ran).toEqual(["data", "mix", "finetune", "eval"]);
  });

  it("the adapter that training starts from, and the model under it", async () => {
    const adapter = join(folder, "adapter");
    const layer = "model.layers.0.self_attn.q_proj";
    const tensor = { shape: [1, 2], data: new Float32Array(2) };
    const tensors = [
      { ...tensor, name: `${layer}.lora_A.weight` },
      { ...tensor, name: `${layer}.lora_B.weight`, shape: [2, 1] },
    ];
    const config = (alpha: number) =>
      writeAdapter(adapter, { r: 1, alpha, targetModules: ["q_proj"], baseModel: "../model", tensors });
    const start = `model.checkpoint=${adapter}`;
    await config(1);
    await run(await recipe(start));
    await run(await recipe(start));
    expect(ran).toEqual([]);
    await config(2);
    await run(await recipe(start));
    expect(ran).toEqual(["finetune", "eval"]);
    await writeFile(join(folder, "model", "config.json"), JSON.stringify({ ...smallConfig, c: 3 }));
    await run(await recipe(start));
    expect(ran).toEqual(["finetune", "eval"]);
  });

  it.each(stageOrder)("lost outputs of %s", async (stage) => {
    await run(await recipe());
    await rm(stagePaths(join(folder, "out"), stage).result, { recursive: true });
    await run(await recipe());
    expect(ran).toEqual([stage]);
  });
});

describe("folders", () => {
  const stray = () => join(folder, "out", "mix", "stray");

  const previous = () => join(folder, "out", "mix.previous");
  const failing: Runner = async (ctx) => {
    await mkdir(join(ctx.runDir, "mix"), { recursive: true });
    await writeFile(join(ctx.runDir, "mix", "half"), "");
    throw new DataError("disk: expected room, got none");
  };
  const warnings = (events: RunEvent[]) => events.filter(({ type }) => type === "warning");

  it("outputs of other inputs are removed once the stage is complete again", async () => {
    await run(await recipe());
    await writeFile(stray(), "");
    const events = await run(await recipe("mix.max_seq_tokens=99"));
    expect(existsSync(stray())).toBe(false);
    expect(existsSync(previous())).toBe(false);
    expect(warnings(events)).toEqual([]);
  });

  it(
    "results from other inputs stay beside a stage that failed, and " + "come back with their inputs",
    async () => {
      await run(await recipe());
      await writeFile(stray(), "");
      const { mix } = runners;
      runners.mix = failing;
      // The second failure leaves what is complete, and says that what the first left is gone.
      const kept = { stage: "mix", message: expect.stringContaining(previous()) };
      const gone = { stage: "mix", message: expect.stringContaining("was removed") };
      for (const [tokens, told] of [
        [99, [kept]],
        [98, [gone, kept]],
      ] as const) {
        const events = await run(await recipe(`mix.max_seq_tokens=${tokens}`));
        expect(warnings(events)).toMatchObject(told);
        expect(existsSync(join(previous(), "stray"))).toBe(true);
        expect(existsSync(join(previous(), "stage.json"))).toBe(true);
      }
      runners.mix = mix;
      await run(await recipe());
      expect(ran).toEqual([]);
      expect(existsSync(stray())).toBe(true);
      expect(existsSync(join(folder, "out", "mix", "half"))).toBe(false);
      // What the other inputs left has changed places with it, and is gone on with when they are back.
      expect(existsSync(join(previous(), "half"))).toBe(true);
      await run(await recipe("mix.max_seq_tokens=98"));
      expect(ran).toEqual(["mix", "finetune", "eval"]);
      expect(existsSync(join(folder, "out", "mix", "half"))).toBe(true);
      expect(existsSync(previous())).toBe(false);
    },
  );

  it("unfinished work is there to go on with after other inputs were tried", async () => {
    const { mix } = runners;
    runners.mix = failing;
    await run(await recipe());
    await run(await recipe("mix.max_seq_tokens=99"));
    runners.mix = mix;
    await run(await recipe());
    expect(ran).toEqual(["mix", "finetune", "eval"]);
    expect(existsSync(join(folder, "out", "mix", "half"))).toBe(true);
  });

  it("a folder of the user's in the place of what is moved is not touched", async () => {
    await run(await recipe());
    await mkdir(previous());
    await writeFile(join(previous(), "thesis.txt"), "mine");
    const events = await run(await recipe("mix.max_seq_tokens=99"));
    expect(events.at(-1)).toMatchObject({ status: "failed", code: "E_FOREIGN_FOLDER" });
    expect(await readFile(join(previous(), "thesis.txt"), "utf8")).toBe("mine");
    await run(await recipe());
    expect(ran).toEqual([]);
  });

  it("unfinished work with the same inputs is left for the stage to go on with", async () => {
    const { mix } = runners;
    runners.mix = async () => {
      await mkdir(join(folder, "out", "mix"), { recursive: true });
      await writeFile(stray(), "");
      throw new Stopped();
    };
    await run(await recipe());
    runners.mix = mix;
    await run(await recipe());
    expect(ran).toEqual(["mix", "finetune", "eval"]);
    expect(existsSync(stray())).toBe(true);
  });

  it("a folder that no run made is not touched", async () => {
    await mkdir(join(folder, "out", "data"), { recursive: true });
    await writeFile(join(folder, "out", "data", "thesis.txt"), "mine");
    const events = await run(await recipe());
    expect(events.at(-1)).toMatchObject({ status: "failed", code: "E_FOREIGN_FOLDER" });
    expect(await readFile(join(folder, "out", "data", "thesis.txt"), "utf8")).toBe("mine");
  });
});

describe("ends", () => {
  it("a failing stage leaves those before it complete and tells code and message", async () => {
    const stacks: unknown[] = [];
    const { finetune } = runners;
    runners.finetune = () => Promise.reject(new DataError("packs: expected some, got none"));
    const events = await run(await recipe(), { onError: (e) => stacks.push(e) });
    const message = "packs: expected some, got none";
    expect(events.at(-1)).toEqual({ type: "run.end", status: "failed", code: "E_DATA", message });
    expect(stacks).toHaveLength(1);
    runners.finetune = finetune;
    await run(await recipe());
    expect(ran).toEqual(["finetune", "eval"]);
  });

  it("an error that is no ZebraError is called a defect", async () => {
    runners.data = () => Promise.reject(new TypeError("x is not a function"));
    const [end] = (await run(await recipe())).slice(-1);
    expect(end).toMatchObject({
      code: "E_INTERNAL",
      message: expect.stringContaining("unexpected TypeError: x is not"),
    });
  });

  it("a stop before a stage begins ends the run with the command to go on", async () => {
    const stop = createStopFlag();
    const { data } = runners;
    runners.data = async (...args) => {
      await data(...args);
      stop.stop();
    };
    const events = await run(await recipe(), { stop, resumeCommand: "zebra run r.yaml" });
    expect(ran).toEqual(["data"]);
    expect(events.at(-1)).toMatchObject({ status: "stopped", resumeCommand: "zebra run r.yaml" });
  });
});

describe("models", () => {
  it("a run compares what it started from with what it made", async () => {
    const of = await recipe();
    expect(modelsOf(of, "/r")).toEqual([
      { label: "before", dir: join(folder, "model") },
      { label: "after", dir: "/r/train/final" },
    ]);
    expect(modelsOf({ ...of, model: { config: "c.json", tokenizer: "t" } }, "/r")).toEqual([
      { label: "after", dir: "/r/train/final" },
    ]);
  });

  it("others are compared beside the run's results, not over them", async () => {
    await run(await recipe());
    const models = [{ label: "mine", dir: join(folder, "model") }];
    await run(await recipe(), { stages: ["data", "eval"], models });
    expect(ran).toEqual(["eval"]);
    expect(existsSync(join(folder, "out", "compare", "eval", "stage.json"))).toBe(true);
    await run(await recipe());
    expect(ran).toEqual([]);
  });
});
