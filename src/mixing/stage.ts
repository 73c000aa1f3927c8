import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerRow } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { randomOf } from "../random.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { type StageContext, Stopped } from "../run/events.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { checkMasks, type Expected } from "./gate.ts";
import { ledgerEvents, writeLedger } from "./ledger.ts";
import { type MixManifest, manifestOf } from "./manifest.ts";
import type { Pack } from "./pack.ts";
import { type PackPlan, packsOf, planPacks } from "./plan.ts";
import { readSplit } from "./read-split.ts";
import { sampleMix } from "./sampler.ts";
import type { Sequence } from "./sequences.ts";
import { checkSplits } from "./splits.ts";
import { writePacks } from "./store.ts";

export interface MixStageSpec {
  mix: MixSpec;
  seed: number;
  tokenizerDir: string;
  dataDir: string;
}

/** Packs between two progress events, and between two looks at the stop signal. */
const packsPerProgress = 64;

/**
 * Canonical examples to packs: `<runDir>/mix/{train,validation}/packs.parquet`, `ledger.parquet` (one row an
 * example read) and `manifest.json` (target and achieved; written last). The texts of the test split are never
 * read. Throws DataError (nothing to train on, a document in two splits), GateError (a wrong mask), Stopped.
 */
export async function runMixStage(
  ctx: StageContext,
  { mix, seed, tokenizerDir, dataDir }: MixStageSpec,
): Promise<void> {
  const started = performance.now();
  const mixDir = join(ctx.runDir, "mix");
  await mkdir(mixDir, { recursive: true });
  await checkSplits(dataDir);
  const tokenizer = await loadTokenizer(tokenizerDir);
  const train = await readSplit(ctx, tokenizer, dataDir, "train", mix);
  const held = await readSplit(ctx, tokenizer, dataDir, "validation", mix);
  const ledger = [...train.ledger, ...held.ledger];
  await writeLedger(mixDir, join(mixDir, "ledger.parquet"), ledger);
  for (const event of ledgerEvents(ledger)) ctx.emit(event);
  if (train.sequences.length === 0) throw nothingToTrainOn(dataDir, train.ledger);
  warnOfTemplate(ctx, ledger);

  const { chosen, target } = sampleMix(
    train.sequences.map(({ example, ids }) => ({ dataset: example.source.dataset, tokens: ids.length })),
    mix,
    seed,
  );
  const trainPlan = planPacks(
    chosen.map((i) => train.sequences[i]!),
    mix,
    seed,
  );
  const validationPlan = planPacks(spread(held.sequences, mix.validation_tokens, seed), mix, seed);
  const manifest = manifestOf(mix, train.sequences, target, trainPlan, validationPlan);
  warnOfShortage(ctx, mix, manifest, held.sequences.length);

  const expected = new Map<string, Expected>();
  for (const { example, answers } of [...trainPlan.sequences, ...validationPlan.sequences])
    expected.set(example.id, { dataset: example.source.dataset, answers });
  for (const [name, plan] of [
    ["train", trainPlan],
    ["validation", validationPlan],
  ] as const) {
    await checkMasks(tokenizer, reported(ctx, "check masks", plan), (id) => expected.get(id)!, mix);
    await writePacks(join(mixDir, name), reported(ctx, `write ${name}`, plan));
  }
  await writeFileAtomic(join(mixDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
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

/** The packs of a plan, with progress. Throws Stopped between packs. */
function reported(ctx: StageContext, label: string, plan: PackPlan): Iterable<Pack> {
  const total = plan.bins.length;
  return packsOf(plan, (done) => {
    if (done % packsPerProgress > 0 && done < total) return;
    if (ctx.stop.stopped) throw new Stopped();
    ctx.emit({ type: "stage.progress", stage: "mix", label, done, total, unit: "packs" });
  });
}

function nothingToTrainOn(dataDir: string, ledger: readonly LedgerRow[]): DataError {
  const reasons = Map.groupBy(ledger, ({ reason }) => reason);
  const why = [...reasons].map(
    ([reason, rows]) => `${rows.length} ${reason}, first: ${rows[0]!.detail || rows[0]!.id}`,
  );
  return new DataError(
    `${dataDir}: expected train examples, got none that can be used. ` +
      (why.length > 0
        ? `Dropped: ${why.join("; ")}. mix/ledger.parquet has them all.`
        : "No example is in the train split: a small source may have all its documents held out."),
  );
}

function warnOfTemplate(ctx: StageContext, ledger: readonly LedgerRow[]): void {
  const refused = ledger.filter(({ reason }) => reason === "chat_template");
  if (refused.length === 0) return;
  const message =
    `${refused.length} of ${ledger.length} examples dropped because the chat template does not take them; ` +
    `first: ${refused[0]!.id}: ${refused[0]!.detail}`;
  ctx.emit({ type: "warning", stage: "mix", message });
}

function warnOfShortage(ctx: StageContext, mix: MixSpec, manifest: MixManifest, held: number): void {
  const warn = (message: string): void => ctx.emit({ type: "warning", stage: "mix", message });
  for (const [name, { target_tokens, tokens, available_tokens }] of Object.entries(manifest.datasets)) {
    if (tokens >= target_tokens) continue;
    warn(
      `dataset ${name}: ${tokens} of ${target_tokens} tokens of its share: it has ${available_tokens}, and ` +
        `mix.max_epochs is ${mix.max_epochs}`,
    );
  }
  if (held > 0 && manifest.validation.packs === 0) {
    warn(
      `mix.validation_tokens = ${mix.validation_tokens}: none of ${held} held-out examples is as short as that`,
    );
  }
}

/** At most `tokens` tokens of sequences, taken from all alike; 0: all of them. */
function spread(sequences: Sequence[], tokens: number, seed: number): Sequence[] {
  if (tokens === 0) return sequences;
  let left = tokens;
  return randomOf(seed, "validation")
    .shuffle([...sequences])
    .filter(({ ids }) => {
      if (ids.length > left) return false;
      left -= ids.length;
      return true;
    });
}
