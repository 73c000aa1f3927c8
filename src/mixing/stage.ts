import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type StageContext, Stopped } from "../contracts/events.ts";
import type { MixSpec } from "../contracts/recipe.ts";
import { mixPaths, runPaths } from "../contracts/run-folder.ts";
import { removeUnfinished, writeFileAtomic } from "../files.ts";
import { randomOf } from "../random.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { checkSplits } from "./ledger/check-splits.ts";
import { ledgerEvents } from "./ledger/joined-ledger.ts";
import { createLedger } from "./ledger/ledger.ts";
import { undrawnOf } from "./ledger/undrawn.ts";
import { manifestOf } from "./manifest.ts";
import { nothingToTrainOn } from "./nothing-to-train-on.ts";
import { type Checkable, gated } from "./packs/mask-gate.ts";
import { type PackPlan, packsOf, planPacks } from "./packs/pack-plan.ts";
import { writePacks } from "./packs/pack-store.ts";
import { readTrain } from "./read-train.ts";
import type { Render, RenderingMix } from "./renders.ts";
import { countEndTexts } from "./sequences/end-texts.ts";
import { countLeftOut } from "./sequences/left-out.ts";
import { type ReadContext, readSplit } from "./sequences/read-split.ts";
import { createSequenceTable, type SequenceTable } from "./sequences/sequence-table.ts";
import {
  warnOfDocuments,
  warnOfEndTexts,
  warnOfLeftOut,
  warnOfShortage,
  warnOfTemplate,
  warnOfTurns,
} from "./warnings.ts";

export interface MixStageSpec {
  mix: MixSpec;
  /** How datasets are rendered, by name, where it is not as `mix.render` says. */
  renders?: Readonly<Record<string, Render>>;
  /** Those that the recipe says nothing of, and that are plain text because they are documents. */
  plainDocuments?: readonly string[];
  seed: number;
  tokenizerDir: string;
  /** A chat template in place of the tokenizer's own, as `model.chat_template` names it. */
  chatTemplate?: string | undefined;
  dataDir: string;
}

/** Packs between two progress events, and between two looks at the stop signal. */
const packsPerProgress = 64;

/**
 * Canonical examples to packs: `<runDir>/mix/{train,validation}/packs.parquet`, `ledger.parquet` (the last
 * fate of every row of the data) and `manifest.json` (target and achieved; written last). The texts of the
 * test split are never read. Throws DataError (nothing to train on, a document in two splits), GateError (a
 * wrong mask), Stopped.
 */
export async function runMixStage(
  ctx: StageContext,
  { mix: common, renders = {}, plainDocuments = [], seed, tokenizerDir, chatTemplate, dataDir }: MixStageSpec,
): Promise<void> {
  const mix: RenderingMix = { ...common, renders };
  const started = performance.now();
  const mixDir = runPaths(ctx.runDir).mix;
  const paths = mixPaths(mixDir);
  await mkdir(mixDir, { recursive: true });
  for (const folder of [mixDir, paths.train, paths.validation]) await removeUnfinished(folder);
  await checkSplits(dataDir);
  const tokenizer = await loadTokenizer(tokenizerDir, { chatTemplate });
  warnOfDocuments(ctx, plainDocuments);
  await warnOfTemplate(ctx, tokenizer, mix);
  const endTexts = await countEndTexts(tokenizer, mix);
  const leftOut = countLeftOut(mix);
  await using ledger = await createLedger(mixDir);
  using train = createSequenceTable(join(mixDir, ".train.tokens.tmp"));
  using held = createSequenceTable(join(mixDir, ".validation.tokens.tmp"));
  const context: ReadContext = {
    ctx,
    tokenizer,
    dataDir,
    mix,
    onLedger(rows) {
      leftOut.lookAtRows(rows);
      return ledger.add(rows);
    },
    onExample(example) {
      endTexts.look(example);
      leftOut.look(example);
    },
  };
  const { sample, reading } = await readTrain(context, seed, train);
  await readSplit(context, { split: "validation" }, held);
  const heldChosen = spread(held, mix.validation_tokens, seed);
  const validationLimit = `mix.validation_tokens = ${mix.validation_tokens}`;
  await ledger.write(dataDir, [
    undrawnOf(train, sample.chosen, "budget", "the budget is met without it"),
    undrawnOf(held, heldChosen, "validation_tokens", validationLimit),
  ]);
  for (const event of await ledgerEvents(mixDir)) ctx.emit(event);
  warnOfLeftOut(ctx, leftOut, { rows: ledger.rows, mix });
  if (train.count === 0) throw await nothingToTrainOn(dataDir, ledger);
  warnOfTurns(ctx, ledger);
  warnOfEndTexts(ctx, endTexts, ledger.rows);

  const planned = {
    train: { table: train, plan: planPacks(train, sample.chosen, mix, seed) },
    validation: { table: held, plan: planPacks(held, heldChosen, mix, seed) },
  };
  const manifest = manifestOf(mix, { ...planned, sample, reading });
  warnOfShortage(ctx, mix, manifest, held.count);
  for (const name of ["train", "validation"] as const) {
    const { table, plan } = planned[name];
    const packs = reported(ctx, `check and write ${name}`, table, plan);
    await writePacks(paths[name], gated(tokenizer, packs, mix));
  }
  await writeFileAtomic(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  ctx.emit({
    type: "stage.end",
    stage: "mix",
    durationMs: performance.now() - started,
    summary: {
      train_packs: manifest.train.packs,
      train_tokens: manifest.train.tokens,
      supervised_tokens: manifest.train.supervised_tokens,
      fill: `${(100 * manifest.train.fill).toFixed(1)} %`,
      validation_packs: manifest.validation.packs,
    },
  });
}

/** The packs of a plan, with progress events and what their masks must be. Throws Stopped between packs. */
function* reported(
  ctx: StageContext,
  label: string,
  table: SequenceTable,
  plan: PackPlan,
): Generator<Checkable> {
  const total = plan.bins.length;
  const made = packsOf(table, plan, (done) => {
    if (done % packsPerProgress > 0 && done < total) return;
    if (ctx.stop.stopped) throw new Stopped();
    ctx.emit({ type: "stage.progress", stage: "mix", label, done, total, unit: "packs" });
  });
  for (const { pack, sequences } of made) {
    const expected = sequences.map(({ example, answers }) => ({ dataset: example.source.dataset, answers }));
    yield { pack, expected };
  }
}

/** Random sequences of at most `tokens` tokens in all; with 0 all of them. */
function spread(table: SequenceTable, tokens: number, seed: number): number[] {
  const all = Array.from({ length: table.count }, (_, i) => i);
  if (tokens === 0) return all;
  let left = tokens;
  return randomOf(seed, "validation")
    .shuffle(all)
    .filter((i) => {
      if (table.tokens(i) > left) return false;
      left -= table.tokens(i);
      return true;
    });
}
