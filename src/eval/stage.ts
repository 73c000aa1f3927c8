import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadModel } from "../checkpoint/load-model.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import type { StageContext } from "../contracts/events.ts";
import type { EvalSpec } from "../contracts/recipe.ts";
import { evalPaths, runPaths } from "../contracts/run-folder.ts";
import { CheckpointError, ConfigError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import type { ZebraModel } from "../model/api.ts";
import { sha256Of } from "../recipe/hash.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { askAll } from "./ask.ts";
import type { Benchmark, Prepared, Score } from "./benchmark.ts";
import { benchmarkProblems } from "./benchmark-problems.ts";
import { benchmarkCatalog } from "./benchmarks/index.ts";
import { compare, figuresOf } from "./figures.ts";
import { writeReport } from "./report/report.ts";
import type { Results } from "./results.ts";
import { openSamples } from "./samples.ts";

export interface EvalStageSpec {
  eval: EvalSpec;
  /** The first is what the others are compared with. */
  models: { label: string; dir: string; base?: string }[];
  /** Holds the examples whose test split is asked about. */
  dataDir: string;
}

/** Scores of every item, none where it failed, by model label and place of the benchmark in the recipe. */
type Scored = Map<string, readonly (readonly Score[])[]>;

/**
 * Asks every model the same questions about held-out documents: chosen by hashes of their ids, by no seed, so that
 * runs that differ in theirs can be compared. Writes `eval/results.json` after each
 * benchmark, samples as they come, and `report.html`. Interrupted, it goes on after the last finished item.
 * Throws ConfigError for unknown benchmarks or options, CheckpointError, and Stopped when asked to stop.
 */
export async function runEvalStage(ctx: StageContext, spec: EvalStageSpec): Promise<void> {
  const problems = benchmarkProblems(spec.eval.benchmarks, benchmarkCatalog);
  if (problems.length > 0) {
    const lines = problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new ConfigError("recipe", lines);
  }
  const startMs = performance.now();
  const models = [];
  for (const model of spec.models) models.push({ ...model, sha256: await hashModel(model) });
  const all: Results = { version: 1, models, settings: spec.eval, results: [], comparisons: [], counts: [] };
  const prepared = new Map<string, Prepared>();
  const scored: Scored = new Map();
  for (const { label, dir, base } of spec.models) {
    const { tokenizer } = await findModel(dir, base);
    await using model = await loadModel(dir, { device: spec.eval.device, base });
    ctx.emit({ type: "device", stage: "eval", ...model.device });
    for (const i of spec.eval.benchmarks.keys()) {
      await runBenchmark(ctx, spec, i, { label, tokenizerDir: tokenizer, model }, { all, prepared, scored });
      await writeFileAtomic(
        evalPaths(runPaths(ctx.runDir).eval).results,
        `${JSON.stringify(all, null, 2)}\n`,
      );
    }
  }
  await writeReport(ctx.runDir, all);
  const sum = (key: "items" | "shortened" | "failed") => all.counts.reduce((n, one) => n + one[key], 0);
  if (sum("failed") > 0) {
    const message = `${sum("failed")} items failed and are in no figure; eval/samples has their errors`;
    ctx.emit({ type: "warning", stage: "eval", message });
  }
  ctx.emit({
    type: "stage.end",
    stage: "eval",
    durationMs: performance.now() - startMs,
    summary: { items: sum("items"), shortened: sum("shortened"), failed: sum("failed") },
  });
}

async function runBenchmark(
  ctx: StageContext,
  { eval: { benchmarks, max_seq_tokens }, dataDir, models }: EvalStageSpec,
  index: number,
  { label, tokenizerDir, model }: { label: string; tokenizerDir: string; model: ZebraModel },
  { all, prepared, scored }: { all: Results; prepared: Map<string, Prepared>; scored: Scored },
): Promise<void> {
  const spec = benchmarks[index]!;
  const benchmark: Benchmark = benchmarkCatalog[spec.name as keyof typeof benchmarkCatalog];
  const name = spec.name;
  // Models with the same tokenizer are asked the very same items, made once.
  const itemsKey = `${index} ${await hashFiles([tokenizerDir], tokenizerFile)}`;
  if (!prepared.has(itemsKey)) {
    const tokenizer = await loadTokenizer(tokenizerDir);
    const environment = { tokenizer, dataDir, maxSeqTokens: max_seq_tokens, spec };
    prepared.set(itemsKey, await benchmark.items(environment));
  }
  const { items, skipped } = prepared.get(itemsKey)!;
  if (items.length === 0) {
    const message = `${name}: expected held-out examples to ask about, got none in ${dataDir}; it has no figures`;
    ctx.emit({ type: "warning", stage: "eval", message });
  }
  const { sha256 } = all.models.find((one) => one.label === label)!;
  const key = sha256Of({ weights: sha256, spec, max_seq_tokens });
  const log = await openSamples(runPaths(ctx.runDir).eval, label, name, key);
  const lines = await askAll(ctx, model, items, log, `${name} ${label}`);
  const scores = lines.map((line) => ("error" in line ? [] : line.scores));
  scored.set(`${index} ${label}`, scores);
  all.counts.push({
    model: label,
    benchmark: name,
    items: items.length,
    shortened: items.filter(({ isShortened }) => isShortened).length,
    failed: lines.filter((line) => "error" in line).length,
    skipped,
  });
  for (const figure of figuresOf(scores, benchmark.metrics)) {
    const result = { model: label, benchmark: name, ...figure };
    all.results.push(result);
    if (!benchmark.details?.test(figure.slice)) ctx.emit({ type: "eval.result", ...result });
  }
  const baseline = models[0]!.label;
  if (label === baseline) return;
  const comparisons = compare(scored.get(`${index} ${baseline}`)!, scores, benchmark.metrics);
  all.comparisons.push(...comparisons.map((one) => ({ benchmark: name, baseline, model: label, ...one })));
  if (models.length !== 2) return;
  for (const { slice, metric, better, difference: value, low, high, n } of comparisons) {
    if (low === undefined || high === undefined || benchmark.details?.test(slice)) continue;
    ctx.emit({ type: "eval.difference", benchmark: name, slice, metric, better, value, low, high, n });
  }
}

const tokenizerFile = /^(tokenizer|special_tokens|chat_template|additional_chat_templates)/;
const modelFile =
  /\.safetensors$|^(adapter_)?config\.json$|^(tokenizer|special_tokens|chat_template|additional_chat_templates)/;

async function hashModel({ dir, base }: EvalStageSpec["models"][number]): Promise<string> {
  const { checkpoint, adapter } = await findModel(dir, base);
  return hashFiles(adapter === null ? [checkpoint] : [checkpoint, adapter], modelFile);
}

/** sha256 over a model's files of some names: what tells one from another. Throws CheckpointError. */
async function hashFiles(dirs: readonly string[], names: RegExp): Promise<string> {
  const hash = createHash("sha256");
  for (const dir of dirs) {
    const found = await readdir(dir).catch((cause: unknown) => {
      throw new CheckpointError(`${dir}: expected a checkpoint folder, got none that can be read`, { cause });
    });
    const toolTemplate = join("additional_chat_templates", "tool_use.jinja");
    if (existsSync(join(dir, toolTemplate))) found.push(toolTemplate);
    for (const name of found.filter((one) => names.test(one)).sort()) {
      hash.update(`${name}\0`);
      for await (const chunk of createReadStream(join(dir, name))) hash.update(chunk as Buffer);
    }
  }
  return hash.digest("hex");
}
