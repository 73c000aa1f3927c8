import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Example, LedgerRow, Split } from "../datasets/example.ts";
import { countExamples, readExamples } from "../datasets/store.ts";
import { DataError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { randomOf } from "../random.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { type StageContext, Stopped } from "../run/events.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { assemblePack } from "./assemble.ts";
import { checkMasks } from "./gate.ts";
import { ledgerEvents, writeLedger } from "./ledger.ts";
import { lossWeights } from "./loss-weights.ts";
import { manifestOf } from "./manifest.ts";
import type { Pack } from "./pack.ts";
import { packBestFit } from "./packer.ts";
import { sampleMix } from "./sampler.ts";
import { type Sequence, sequencesOf } from "./sequences.ts";
import { writePacks } from "./store.ts";

export interface MixStageSpec {
  mix: MixSpec;
  seed: number;
  tokenizerDir: string;
  dataDir: string;
}

/** Examples rendered at once: their texts are encoded side by side. */
const batchSize = 512;

/**
 * Canonical examples to packs: `<runDir>/mix/{train,validation}/packs.parquet`, `ledger.parquet` (one row an
 * example read) and `manifest.json` (target and achieved). The test split is never read.
 */
export async function runMixStage(
  ctx: StageContext,
  { mix, seed, tokenizerDir, dataDir }: MixStageSpec,
): Promise<void> {
  const started = performance.now();
  const mixDir = join(ctx.runDir, "mix");
  await mkdir(mixDir, { recursive: true });
  const tokenizer = await loadTokenizer(tokenizerDir);
  const ledger: LedgerRow[] = [];
  const documents = new Map<string, Split>();
  const train = await readSplit(ctx, tokenizer, dataDir, "train", mix, ledger, documents);
  const held = await readSplit(ctx, tokenizer, dataDir, "validation", mix, ledger, documents);
  if (train.length === 0) {
    throw new DataError(
      `${dataDir}: expected train examples, got none that can be used (${ledger.length} read). ` +
        "Look at mix/ledger.parquet for the reasons; the split may hold out every document of a small source.",
    );
  }

  const candidates = train.map(({ example, ids }) => ({
    dataset: example.source.dataset,
    tokens: ids.length,
  }));
  const { chosen, target } = sampleMix(candidates, mix, seed);
  const trainPacks = pack(
    chosen.map((i) => train[i]!),
    mix,
    seed,
  );
  const validationPacks = pack(spread(held, mix.validation_tokens, seed), mix, seed);
  const datasets = new Map([...train, ...held].map(({ example }) => [example.id, example.source.dataset]));
  await checkMasks(tokenizer, [...trainPacks, ...validationPacks], (id) => datasets.get(id)!, mix.render);

  ctx.emit({
    type: "stage.progress",
    stage: "mix",
    label: "write",
    done: 0,
    total: trainPacks.length,
    unit: "packs",
  });
  await writePacks(join(mixDir, "train"), trainPacks);
  await writePacks(join(mixDir, "validation"), validationPacks);
  await writeLedger(mixDir, join(mixDir, "ledger.parquet"), ledger);
  for (const event of ledgerEvents(ledger)) ctx.emit(event);
  const manifest = manifestOf(
    mix,
    chosen.map((i) => train[i]!),
    target,
    trainPacks,
    validationPacks,
  );
  await writeFileAtomic(join(mixDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  ctx.emit({
    type: "stage.end",
    stage: "mix",
    durationMs: performance.now() - started,
    summary: {
      train_packs: trainPacks.length,
      train_tokens: manifest.train.tokens,
      supervised_tokens: manifest.train.supervised_tokens,
      fill: `${(100 * manifest.train.fill).toFixed(1)} %`,
      validation_packs: validationPacks.length,
    },
  });
}

async function readSplit(
  ctx: StageContext,
  tokenizer: Tokenizer,
  dataDir: string,
  split: Split,
  mix: MixSpec,
  ledger: LedgerRow[],
  documents: Map<string, Split>,
): Promise<Sequence[]> {
  const total = await countExamples(dataDir, { split });
  const all: Sequence[] = [];
  let batch: Example[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    if (ctx.stop.stopped) throw new Stopped();
    const { sequences, ledger: rows } = await sequencesOf(tokenizer, batch, mix);
    for (const sequence of sequences) all.push(sequence);
    for (const row of rows) ledger.push(row);
    done += batch.length;
    batch = [];
    ctx.emit({
      type: "stage.progress",
      stage: "mix",
      label: `tokenize ${split}`,
      done,
      total,
      unit: "examples",
    });
  };
  for await (const example of readExamples(dataDir, { split })) {
    const { dataset, document } = example.source;
    const key = `${dataset}\n${document}`;
    if ((documents.get(key) ?? split) !== split) {
      throw new DataError(
        `${dataset}: expected document ${document} in one split, got it in two. Run \`zebra data\` again.`,
      );
    }
    documents.set(key, split);
    batch.push(example);
    if (batch.length === batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return all;
}

function pack(sequences: readonly Sequence[], mix: MixSpec, seed: number): Pack[] {
  const weights = lossWeights(
    mix.loss_weights,
    sequences.map(({ example, supervised }) => ({ dataset: example.source.dataset, supervised })),
  );
  const bins =
    mix.packing === "none"
      ? sequences.map((_, i) => [i])
      : packBestFit(
          sequences.map(({ ids }) => ids.length),
          mix.max_seq_tokens,
        );
  randomOf(seed, "pack order").shuffle(bins);
  return bins.map((bin) =>
    assemblePack(
      bin.map((i) => sequences[i]!),
      bin.map((i) => weights[i]!),
    ),
  );
}

/** At most `tokens` tokens of sequences, evenly from all; 0: all of them. */
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
