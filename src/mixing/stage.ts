import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type StageContext, Stopped } from "../contracts/events.ts";
import type { Example } from "../contracts/example.ts";
import type { MixSpec } from "../contracts/recipe.ts";
import { mixPaths, runPaths } from "../contracts/run-folder.ts";
import { DataError } from "../errors.ts";
import { removeUnfinished, writeFileAtomic } from "../files.ts";
import { randomOf } from "../random.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { checkSplits } from "./ledger/check-splits.ts";
import { ledgerEvents, type Undrawn } from "./ledger/joined-ledger.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import { type MixManifest, manifestOf, type Reading } from "./manifest.ts";
import { type Checkable, gated } from "./packs/mask-gate.ts";
import { type PackPlan, packsOf, planPacks } from "./packs/pack-plan.ts";
import { writePacks } from "./packs/pack-store.ts";
import { type DrawnMix, sampleMix } from "./sample/sampler.ts";
import { readSplit } from "./sequences/read-split.ts";
import { createSequenceTable, type SequenceTable } from "./sequences/sequence-table.ts";
import { randomPosition, sharesToRead } from "./sequences/shares-to-read.ts";

export interface MixStageSpec {
  mix: MixSpec;
  seed: number;
  tokenizerDir: string;
  dataDir: string;
}

/** Packs between two progress events, and between two looks at the stop signal. */
const packsPerProgress = 64;

/**
 * Canonical examples to packs: `<runDir>/mix/{train,validation}/packs.parquet`, `ledger.parquet` (the last
 * fate of every row of the data) and `manifest.json` (target and achieved; written last). The texts of the test split are never
 * read. Throws DataError (nothing to train on, a document in two splits), GateError (a wrong mask), Stopped.
 */
export async function runMixStage(
  ctx: StageContext,
  { mix, seed, tokenizerDir, dataDir }: MixStageSpec,
): Promise<void> {
  const started = performance.now();
  const mixDir = runPaths(ctx.runDir).mix;
  const paths = mixPaths(mixDir);
  await mkdir(mixDir, { recursive: true });
  for (const folder of [mixDir, paths.train, paths.validation]) await removeUnfinished(folder);
  await checkSplits(dataDir);
  const tokenizer = await loadTokenizer(tokenizerDir);
  await using ledger = await createLedger(mixDir);
  using train = createSequenceTable(join(mixDir, ".train.tokens.tmp"));
  using held = createSequenceTable(join(mixDir, ".validation.tokens.tmp"));
  const { sample, reading } = await readTrain(ctx, tokenizer, { mix, seed, dataDir }, train, ledger);
  await readSplit(ctx, tokenizer, { dataDir, split: "validation", mix }, held, ledger.add);
  const heldChosen = spread(held, mix.validation_tokens, seed);
  const validationLimit = `mix.validation_tokens = ${mix.validation_tokens}`;
  await ledger.write(dataDir, [
    undrawnOf(train, sample.chosen, "budget", "the budget is met without it"),
    undrawnOf(held, heldChosen, "validation_tokens", validationLimit),
  ]);
  for (const event of await ledgerEvents(mixDir)) ctx.emit(event);
  if (train.count === 0) throw nothingToTrainOn(dataDir, ledger);
  warnOfTurns(ctx, ledger);

  const trainPlan = planPacks(train, sample.chosen, mix, seed);
  const validationPlan = planPacks(held, heldChosen, mix, seed);
  const validation = { table: held, plan: validationPlan };
  const manifest = manifestOf(mix, train, sample, trainPlan, validation, reading);
  warnOfShortage(ctx, mix, manifest, held.count);
  for (const [name, table, plan] of [
    ["train", train, trainPlan],
    ["validation", held, validationPlan],
  ] as const) {
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

/**
 * Reads the training examples that the budget needs and draws the mix. Where a dataset turns out to give less than
 * was counted on, the rest of it is read, too.
 */
async function readTrain(
  ctx: StageContext,
  tokenizer: Tokenizer,
  { mix, seed, dataDir }: Pick<MixStageSpec, "mix" | "seed" | "dataDir">,
  table: SequenceTable,
  ledger: Ledger,
): Promise<{ sample: DrawnMix; reading: Map<string, Reading> }> {
  const shares = sharesToRead(dataDir, mix);
  const reading = new Map<string, Reading>([...shares].map(([name]) => [name, { examples: 0, read: 0 }]));
  const read = (isWanted: (example: Example) => boolean): Promise<void> =>
    readSplit(ctx, tokenizer, { dataDir, split: "train", mix, isWanted }, table, ledger.add);
  const draw = (): DrawnMix =>
    sampleMix(
      Array.from({ length: table.count }, (_, i) => ({
        dataset: table.dataset(i),
        task: table.task(i),
        tokens: table.tokens(i),
        supervised: table.supervised(i),
      })),
      mix,
      seed,
    );
  const take = ({ source }: Example, isRead: boolean): boolean => {
    const counts = reading.get(source.dataset)!;
    if (isRead) counts.read++;
    return isRead;
  };
  await read((example) => {
    reading.get(example.source.dataset)!.examples++;
    const share = shares.get(example.source.dataset)!;
    return take(example, share === 1 || randomPosition(example.id, seed) < share);
  });
  const sample = draw();
  const short = new Set(namesThatFallShort(table, sample).filter((name) => shares.get(name)! < 1));
  for (const [name, share] of shares) if (share < 1 && !(name in sample.target)) short.add(name);
  if (short.size === 0) return { sample, reading };
  await read((example) =>
    take(
      example,
      short.has(example.source.dataset) &&
        randomPosition(example.id, seed) >= shares.get(example.source.dataset)!,
    ),
  );
  return { sample: draw(), reading };
}

/** Datasets of which less was drawn than the weights ask for. */
function namesThatFallShort(table: SequenceTable, { chosen, target }: DrawnMix): string[] {
  const drawn = new Map<string, number>();
  const seen = new Set<number>();
  let isRepeated = new Set<string>();
  for (const i of chosen) {
    const name = table.dataset(i);
    drawn.set(name, (drawn.get(name) ?? 0) + table.tokens(i));
    if (seen.has(i)) isRepeated = isRepeated.add(name);
    seen.add(i);
  }
  return Object.keys(target).filter((name) => isRepeated.has(name) || (drawn.get(name) ?? 0) < target[name]!);
}

/** The packs of a plan, with progress and what their masks must come to. Throws Stopped between packs. */
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

function nothingToTrainOn(dataDir: string, ledger: Ledger): DataError {
  const why = [...ledger.reasons()].map(
    ([reason, { count, first }]) => `${count} ${reason}, first: ${first.detail || first.id}`,
  );
  return new DataError(
    `${dataDir}: expected train examples, got none that can be used. ` +
      (why.length > 0
        ? `Dropped: ${why.join("; ")}. mix/ledger.parquet has them all.`
        : "No example is in the train split: a small source may have all its documents held out."),
  );
}

function warnOfTurns(ctx: StageContext, ledger: Ledger): void {
  const warn = (reason: string, what: string): void => {
    const rows = ledger.reasons().get(reason);
    if (!rows) return;
    const message = `${rows.count} of ${ledger.rows} examples ${what}; first: ${rows.first.id}: ${rows.first.detail}`;
    ctx.emit({ type: "warning", stage: "mix", message });
  };
  warn("chat_template", "dropped because the chat template does not take them");
  warn("turns_not_trained", "have answers that are read and not trained");
}

function warnOfShortage(ctx: StageContext, mix: MixSpec, manifest: MixManifest, held: number): void {
  const warn = (message: string): void => ctx.emit({ type: "warning", stage: "mix", message });
  const ofSupervised = manifest.budget.of === "supervised_tokens";
  for (const [name, { target_tokens, tokens, supervised_tokens, available_tokens }] of Object.entries(
    manifest.datasets,
  )) {
    const got = ofSupervised ? supervised_tokens : tokens;
    if (got >= target_tokens) continue;
    if (ofSupervised || mix.long_fraction !== null || Object.keys(mix.task_weights).length > 0) {
      warn(
        `dataset ${name}: ${got} of ${target_tokens} ${ofSupervised ? "supervised " : ""}tokens of its share`,
      );
      continue;
    }
    warn(
      `dataset ${name}: ${tokens} of ${target_tokens} tokens of its share: it has ${available_tokens}, and ` +
        `mix.max_epochs is ${mix.max_epochs}`,
    );
  }
  const { target_fraction, fraction, from_tokens } = manifest.long;
  // Each dataset may be one example beyond its share.
  const grain =
    (Object.keys(manifest.datasets).length * mix.max_seq_tokens) / Math.max(1, manifest.train.tokens);
  if (target_fraction !== null && Math.abs(fraction - target_fraction) > 0.02 + grain) {
    warn(
      `mix.long_fraction = ${target_fraction}: got ${fraction.toFixed(3)} of the tokens in sequences of at least ` +
        `${from_tokens}: the datasets have no more of one kind within mix.max_epochs`,
    );
  }
  if (held > 0 && manifest.validation.packs === 0) {
    warn(
      `mix.validation_tokens = ${mix.validation_tokens}: none of ${held} held-out examples is as short as that`,
    );
  }
}

/** Examples of which no sequence was chosen, or not every piece; the pieces of one stand side by side. */
function* undrawnOf(
  table: SequenceTable,
  chosen: readonly number[],
  reason: string,
  detail: string,
): Generator<Undrawn> {
  const isDrawn = new Set(chosen);
  for (let i = 0; i < table.count; ) {
    const id = table.exampleId(i);
    let [pieces, drawn, drawnTokens] = [0, 0, 0];
    for (; i < table.count && table.exampleId(i) === id; i++) {
      pieces++;
      if (!isDrawn.has(i)) continue;
      drawn++;
      drawnTokens += table.tokens(i);
    }
    if (drawn === pieces) continue;
    const found = drawn === 0 ? detail : `${drawn} of ${pieces} pieces are in packs: ${detail}`;
    yield { id, reason, detail: found, drawnTokens };
  }
}

/** At most `tokens` tokens of sequences, taken from all alike; 0: all of them. */
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
