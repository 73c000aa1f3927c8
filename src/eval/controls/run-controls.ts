import { existsSync } from "node:fs";
import type { StageContext } from "../../contracts/events.ts";
import type { EvalSpec } from "../../contracts/recipe.ts";
import { dataPaths, runPaths } from "../../contracts/run-folder.ts";
import { readExamples } from "../../datasets/folder/data-folder.ts";
import type { ZebraModel } from "../../model/api.ts";
import { askAll } from "../asking/ask.ts";
import type { Asking, Item, Prepared } from "../benchmark.ts";
import { figuresOf } from "../results/figures.ts";
import { openSamples, type SampleLine } from "../results/samples.ts";
import type { DocumentChange } from "./change-document.ts";
import { type Control, cheapControls, headlineComparison, scoresOf } from "./cheap-controls.ts";
import { findContaminated } from "./contamination.ts";
import { type ControlResult, pairedControl } from "./control-results.ts";

/** A benchmark that a model was asked, and what its controls need. */
export interface Controlled {
  name: string;
  asking: Asking;
  items: readonly Item[];
  /** The answers, in the order of the items. */
  lines: readonly SampleLine[];
  label: string;
  model: ZebraModel;
  /** Of the log of samples. */
  key: string;
  dataDir: string;
  /** The same questions with another document; undefined where the benchmark cannot make them. */
  changed?: (change: DocumentChange) => Promise<Prepared>;
}

/**
 * Holds a model's score against what it would be without reading: cheap ones always, others as the recipe
 * asks. Throws Stopped.
 */
export async function runControls(
  ctx: StageContext,
  controls: EvalSpec["controls"],
  controlled: Controlled,
): Promise<ControlResult[]> {
  const { name, asking, items, lines, label } = controlled;
  const found: Control[] = await cheapControls(items, lines, asking);
  for (const control of controls) {
    if (control === "no_context" || control === "shuffled_context") {
      const one = await askChanged(ctx, control, controlled);
      if (one) found.push(one);
    }
    if (control === "contamination") {
      const one = await contaminationOf(ctx, controlled);
      if (one) found.push(one);
    }
  }
  const { metric } = asking.headline;
  const better = asking.metrics[metric]!.better;
  return found.map((one) => ({ model: label, benchmark: name, metric, better, ...one }));
}

async function askChanged(
  ctx: StageContext,
  control: DocumentChange,
  { name, asking, items, lines, label, model, key, changed }: Controlled,
): Promise<Control | undefined> {
  if (!changed) return undefined;
  const others = new Map((await changed(control)).items.map((item) => [item.id, item]));
  // What has no document is the same question, and says nothing.
  const pairs = items.flatMap((item, i) => {
    const other = others.get(item.id);
    return other && other.inputHash !== item.inputHash ? [{ item, line: lines[i]!, other }] : [];
  });
  if (pairs.length === 0) return undefined;
  const log = await openSamples(runPaths(ctx.runDir).eval, label, `${name}.${control}`, key);
  // These answers are none of the benchmark's: the screen does not show them as such.
  const quiet: StageContext = {
    ...ctx,
    emit: (event) => {
      if (event.type !== "eval.sample") ctx.emit(event);
    },
  };
  const told = control === "no_context" ? "without documents" : "with documents shuffled";
  const asked = await askAll(
    quiet,
    model,
    pairs.map(({ other }) => other),
    log,
    { benchmark: `${name} ${told}`, label },
  );
  const own = pairs.map(({ line }) => scoresOf(line));
  const about = pairs.map(({ item }) => item);
  const compared = headlineComparison(asked.map(scoresOf), own, asking, about);
  if (!compared) return undefined;
  return {
    control,
    ...pairedControl(compared),
    without_document: items.length - pairs.length,
    failed: asked.filter((line) => "error" in line).length,
  };
}

async function contaminationOf(
  ctx: StageContext,
  { name, asking, items, lines, dataDir }: Controlled,
): Promise<Control | undefined> {
  const tested = items.flatMap(({ id, document, texts }) =>
    texts ? [{ id, ...(document !== undefined && { document }), texts: texts() }] : [],
  );
  if (tested.length === 0 || !existsSync(dataPaths(dataDir).manifest)) return undefined;
  const label = `looking for ${name} in training rows`;
  ctx.emit({ type: "stage.progress", stage: "eval", label, done: 0, total: 0, unit: "" });
  const { rows, contaminated } = await findContaminated(tested, readExamples(dataDir, { split: "train" }));
  const ids = new Set(contaminated.map(({ id }) => id));
  const figure = (isIn: (item: Item) => boolean) => {
    const places = [...items.keys()].filter((i) => isIn(items[i]!));
    return figuresOf(
      places.map((i) => scoresOf(lines[i]!)),
      asking.metrics,
      places.map((i) => items[i]!.document),
      { isResampled: false },
    ).find(({ slice, metric }) => slice === "" && metric === asking.headline.metric);
  };
  const all = figure(() => true);
  if (!all) return undefined;
  const clean = contaminated.length === 0 ? undefined : figure(({ id }) => !ids.has(id));
  const { value, low, high, n } = clean ?? {};
  const spread = low !== undefined && high !== undefined && { low, high };
  return {
    control: "contamination",
    ...{ rows, n: tested.length, contaminated, score: all.value },
    ...(value !== undefined && n !== undefined && { clean: { value, n, ...spread } }),
  };
}
