import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../files.ts";
import { loadModel } from "../model/load.ts";
import { hashOf } from "../recipe/hash.ts";
import type { BenchmarkSpec, EvalSpec } from "../recipe/recipe.ts";
import { type StageContext, Stopped } from "../run/events.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { Benchmark, Item, Score } from "./benchmark.ts";
import { catalog } from "./benchmarks/index.ts";
import { type Comparison, compare, type Figure, figuresOf } from "./figures.ts";
import { writeReport } from "./report.ts";
import { openSamples, type SampleLine } from "./samples.ts";

export interface EvalStageSpec {
  eval: EvalSpec;
  models: { label: string; dir: string }[];
  /** Holds the examples whose test split is asked about. */
  dataDir: string;
  seed: number;
}

/** `eval/results.json`. */
export interface Results {
  version: 1;
  models: { label: string; dir: string; sha256: string }[];
  settings: EvalSpec;
  results: ({ model: string; benchmark: string } & Figure)[];
  comparisons: ({ benchmark: string } & Comparison)[];
  counts: {
    model: string;
    benchmark: string;
    items: number;
    shortened: number;
    failed: number;
    skipped: number;
  }[];
}

/**
 * Asks every model the same questions about held-out documents. Writes `eval/results.json` after each
 * benchmark, samples as they come, and `report.html`. Interrupted, it goes on after the last finished item.
 */
export async function runEvalStage(ctx: StageContext, spec: EvalStageSpec): Promise<void> {
  const started = performance.now();
  const evalDir = join(ctx.runDir, "eval");
  const models = [];
  for (const model of spec.models) models.push({ ...model, sha256: await weightsHash(model.dir) });
  const all: Results = { version: 1, models, settings: spec.eval, results: [], comparisons: [], counts: [] };
  for (const benchmarkSpec of spec.eval.benchmarks) {
    await runBenchmark(ctx, spec, benchmarkSpec, all, evalDir);
    await writeFileAtomic(join(evalDir, "results.json"), `${JSON.stringify(all, null, 2)}\n`);
  }
  await writeReport(ctx.runDir, all);
  const failed = all.counts.reduce((n, count) => n + count.failed, 0);
  if (failed > 0) {
    const message = `${failed} items failed and do not count; eval/samples has their errors`;
    ctx.emit({ type: "warning", stage: "eval", message });
  }
  ctx.emit({
    type: "stage.end",
    stage: "eval",
    durationMs: performance.now() - started,
    summary: {
      figures: all.results.length,
      shortened: all.counts.reduce((n, count) => n + count.shortened, 0),
      failed,
      report: join(ctx.runDir, "report.html"),
    },
  });
}

async function runBenchmark(
  ctx: StageContext,
  { eval: { max_seq_tokens }, dataDir }: EvalStageSpec,
  spec: BenchmarkSpec,
  all: Results,
  evalDir: string,
): Promise<void> {
  const benchmark: Benchmark = catalog[spec.name as keyof typeof catalog];
  const scores: Score[][][] = [];
  for (const model of all.models) {
    const tokenizer = await loadTokenizer(model.dir);
    const environment = { tokenizer, dataDir, maxSeqTokens: max_seq_tokens, spec, stop: ctx.stop };
    const { items, skipped } = await benchmark.items(environment);
    const key = hashOf({ weights: model.sha256, spec, max_seq_tokens });
    const lines = await askAll(
      ctx,
      model,
      items,
      `${spec.name} ${model.label}`,
      openSamples(evalDir, model.label, spec.name, key),
    );
    const scored = lines.map((line) => ("error" in line ? [] : line.scores));
    scores.push(scored);
    all.counts.push({
      model: model.label,
      benchmark: spec.name,
      items: items.length,
      shortened: items.filter(({ isShortened }) => isShortened).length,
      failed: lines.filter((line) => "error" in line).length,
      skipped,
    });
    for (const figure of figuresOf(scored, benchmark.derived)) {
      const result = { model: model.label, benchmark: spec.name, ...figure };
      all.results.push(result);
      ctx.emit({ type: "eval.result", ...result });
    }
  }
  if (scores.length === 2) {
    const comparisons = compare(scores[0]!, scores[1]!, benchmark.derived);
    all.comparisons.push(...comparisons.map((one) => ({ benchmark: spec.name, ...one })));
  }
}

async function askAll(
  ctx: StageContext,
  { dir }: { dir: string },
  items: readonly Item[],
  label: string,
  log: ReturnType<typeof openSamples>,
): Promise<SampleLine[]> {
  const lines: SampleLine[] = [];
  await using model = await loadModel(dir);
  for (const [done, item] of items.entries()) {
    if (ctx.stop.stopped) throw new Stopped();
    ctx.emit({ type: "stage.progress", stage: "eval", label, done, total: items.length, unit: "items" });
    let line = log.done.get(item.id);
    if (!line) {
      const base = { id: item.id, shortened: item.isShortened };
      line = await item.ask(model).then(
        (answer) => ({ ...base, ...answer }),
        (error: unknown) => ({ ...base, error: error instanceof Error ? error.message : String(error) }),
      );
      log.add(line);
    }
    lines.push(line);
  }
  ctx.emit({
    type: "stage.progress",
    stage: "eval",
    label,
    done: items.length,
    total: items.length,
    unit: "items",
  });
  return lines;
}

/** sha256 over the weight files and the config: what tells one checkpoint from another. */
async function weightsHash(dir: string): Promise<string> {
  const hash = createHash("sha256");
  const names = existsSync(dir) ? await readdir(dir) : [];
  for (const name of names.filter((one) => /\.safetensors$|^config\.json$|^tokenizer/.test(one)).sort()) {
    hash.update(name);
    for await (const chunk of createReadStream(join(dir, name))) hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}
