import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import { sha256Of } from "../../recipe/hash.ts";
import { stopIdsOf } from "../../tokenizer/ends/stop-ids.ts";
import { askAll } from "../asking/ask.ts";
import { runControls } from "../controls/run-controls.ts";
import { keepOutcome } from "../results/outcome.ts";
import { addToPlan } from "../results/plan-file.ts";
import { createRunning } from "../results/running.ts";
import { openSamples } from "../results/samples.ts";
import { tellFigures } from "../results/tell-figures.ts";
import { type EvaluatedModel, type Evaluation, scoresOf } from "./evaluation.ts";
import { itemsFor, makeItems } from "./items.ts";

/** Asks a model one benchmark, and adds figures, counts and controls to the results. */
export async function runBenchmark(
  evaluation: Evaluation,
  index: number,
  candidate: EvaluatedModel,
): Promise<void> {
  const { ctx, spec, found, scored } = evaluation;
  const { label, model, tokenizer } = candidate;
  const benchmarkSpec = spec.eval.benchmarks[index]!;
  const { name } = benchmarkSpec;
  const { items, skipped, how, source, outcome } = await itemsFor(evaluation, index, tokenizer);
  if (source) found.sources = { ...found.sources, [name]: source };
  const { sha256 } = found.models.find((one) => one.label === label)!;
  const { max_seq_tokens } = spec.eval;
  const stop_ids = await stopIdsOf(model.ends, tokenizer);
  // A test set of one's own may have other rows or metrics than when it was asked.
  const own = found.own?.[name];
  const key = sha256Of({
    weights: sha256,
    spec: benchmarkSpec,
    max_seq_tokens,
    stop_ids,
    ...(own && { own }),
  });
  const log = await openSamples(runPaths(ctx.runDir).eval, label, name, key);
  await addToPlan(evalPaths(runPaths(ctx.runDir).eval).plan, { [name]: items.length });
  const about = { emit: ctx.emit, model: label, benchmark: name, total: items.length };
  const running = createRunning({ ...about, asking: evaluation.benchmarks[index]! });
  const lines = await askAll(ctx, model, items, log, { benchmark: name, label, running });
  scoresOf(evaluation, `${index}`).set(
    label,
    lines.map((line) => ("error" in line ? [] : line.scores)),
  );
  const cut = items.map(({ tokensCut = 0 }) => tokensCut);
  const failed = lines.find((line) => "error" in line);
  if (failed && "error" in failed && !evaluation.errors.has(label))
    evaluation.errors.set(label, failed.error);
  found.counts.push({
    model: label,
    benchmark: name,
    items: items.length,
    shortened: items.filter(({ isShortened }) => isShortened).length,
    tokens_cut: cut.reduce((sum, tokens) => sum + tokens, 0),
    failed: lines.filter((line) => "error" in line).length,
    skipped,
    ...(how !== undefined && { how }),
  });
  const documents = items.map(({ document }) => document);
  const asking = { name, ...evaluation.benchmarks[index]! };
  tellFigures(ctx, found, asking, label, scored.get(`${index}`)!, { documents, cut });
  const controls = await runControls(ctx, spec.eval.controls, {
    ...{ name, asking, items, lines, label, model, key, dataDir: spec.dataDir },
    ...(asking.isControlled && { changed: (change) => makeItems(evaluation, index, tokenizer, change) }),
  });
  if (controls.length > 0) found.controls = [...(found.controls ?? []), ...controls];
  if (outcome)
    await keepOutcome(runPaths(ctx.runDir).eval, found, { benchmark: name, label }, lines, outcome);
}
