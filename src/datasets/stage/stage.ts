import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { defaultsOf } from "../../ajv.ts";
import { type StageContext, Stopped } from "../../contracts/events.ts";
import { mixSchema } from "../../contracts/recipe/mix.ts";
import type { DataSpec } from "../../contracts/recipe.ts";
import { dataPaths, runPaths } from "../../contracts/run-folder.ts";
import { ConfigError } from "../../errors.ts";
import { removeUnfinished, writeFileAtomic } from "../../files.ts";
import { joinParquet } from "../../tables/join-parquet.ts";
import { createTableWriter } from "../../tables/part-writer.ts";
import type { NamedSource } from "../curate/contamination/decontaminate.ts";
import { createCurator } from "../curate/curator.ts";
import { renderCurve } from "../curate/duplicates/minhash.ts";
import { builtSummary } from "../documents/built-counts.ts";
import { withBuilders } from "../documents/built-source.ts";
import { teacherSummary } from "../documents/teacher/summary.ts";
import { type DataManifest, type DatasetManifest, examplesIn } from "../folder/data-folder.ts";
import { quoted } from "../rows/document-id.ts";
import { openSources } from "../sources/open-sources.ts";
import type { DataSource } from "../sources/source.ts";
import { buildDataset } from "./build-dataset.ts";
import { licenseProblems, licenseWarnings } from "./licenses.ts";
import { openFinished } from "./resume.ts";
import { type DocumentSplits, documentSplits } from "./splits/document-splits.ts";
import { passageChars, type Shared, SharedPassages } from "./splits/shared-passages.ts";

/** What the stage takes of a recipe. `seed` is for what `build` makes of sources; nothing else is random. */
export interface DataStageSpec {
  data: DataSpec;
  seed: number;
  /** `mix.max_seq_tokens`, which examples built of documents are made for. Default: the recipe's default. */
  maxSeqTokens?: number;
}

type Warn = (message: string) => void;

/**
 * Reads every source of the recipe and writes, under `<runDir>/data`: `<dataset>/examples.parquet` with its
 * card `README.md`, `ledger.parquet` (a row for each input row) and, last, `manifest.json`. Every file
 * appears whole. A run that was stopped or failed goes on after the last dataset that was complete with the
 * same `ctx.inputHash`, unless copies are removed.
 *
 * Throws ConfigError (all problems at once) for what the recipe has wrong, DataError for a source that cannot
 * be read at all, Stopped between batches. A single bad row is no error: it is in the ledger.
 */
export async function runDataStage(ctx: StageContext, spec: DataStageSpec): Promise<void> {
  const { datasets, split, curate } = spec.data;
  const warn = warnOnce(ctx);
  const pause = async (): Promise<void> => {
    if (ctx.stop.stopped) throw new Stopped();
    await new Promise(setImmediate);
  };
  const { sources, splitFor, ownSplit } = await namedSources(ctx, spec, warn, pause);
  const curator = await createCurator(curate, { sources, splitFor, warn, pause });
  const dataDir = runPaths(ctx.runDir).data;
  await mkdir(dataDir, { recursive: true });
  await removeUnfinished(dataDir);
  // Without a manifest the folder is not whole: nobody reads half of a new run beside half of an old one.
  await rm(dataPaths(dataDir).manifest, { force: true });
  // Which of several copies stays depends on what was seen before, so all of it has to be seen again.
  const isApart = !curate?.exact_duplicates && !curate?.near_duplicates;
  const finished = await openFinished(dataDir, isApart ? ctx.inputHash : undefined);

  const passages = new SharedPassages();
  const holdsOut = split.validation + split.test > 0 || sources.some(({ source }) => source.heldOut);
  // Documents of the catalog's own texts are known, and those that something was built of.
  const isCompared = ({ format, built }: DataSource): boolean => holdsOut && format !== "catalog" && !built;

  await using writer = createTableWriter();
  const made: DatasetManifest[] = [];
  for (const [i, { name, source }] of sources.entries()) {
    let manifest = await finished.read(name, source);
    if (!manifest) {
      const ledgerPath = finished.ledgerPath(name);
      const common = { ctx, warn, splitFor, ownSplit, curate: curator, dataDir, writer };
      const own = { spec: datasets[i]!, source, ledgerPath, ...(isCompared(source) && { passages }) };
      manifest = await buildDataset({ ...common, ...own });
      await finished.write(manifest);
    } else if (isCompared(source))
      for await (const example of examplesIn(join(dataDir, manifest.file))) passages.add(example);
    const { kept, dropped, changed } = manifest.rows;
    const { reasons } = manifest;
    ctx.emit({ type: "ledger", dataset: name, kept, dropped, shortened: 0, changed, reasons });
    made.push(manifest);
  }
  const temporary = `${dataPaths(dataDir).ledger}.tmp`;
  await joinParquet(
    made.map(({ name }) => finished.ledgerPath(name)),
    temporary,
  );
  await rename(temporary, dataPaths(dataDir).ledger);
  const shared = passages.result();
  for (const message of sharedTold(shared)) warn(message);
  const totals = totalsOf(made);
  const manifest: DataManifest = { version: 1, split, ...(curate && { curate }), datasets: made, totals };
  await writeFileAtomic(dataPaths(dataDir).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  await finished.clear();
  ctx.emit({
    type: "stage.end",
    stage: "data",
    durationMs: 0,
    summary: {
      datasets: made.length,
      ...totals,
      ...thoughtSummary(made),
      ...builtSummary(made),
      ...teacherSummary(sources.map(({ source }) => source)),
      ...(curate?.near_duplicates ? { near_duplicates: renderCurve(curate.near_duplicates) } : {}),
    },
  });
}

/**
 * The sources of the recipe by dataset name, with what `build` makes of them, and the splits of their
 * documents. Throws ConfigError for a licence that the recipe does not allow; warns of licences that
 * conflict.
 */
async function namedSources(
  ctx: StageContext,
  { data, seed, maxSeqTokens = defaultsOf(mixSchema).max_seq_tokens }: DataStageSpec,
  warn: Warn,
  pause: () => Promise<void>,
): Promise<DocumentSplits & { sources: NamedSource[] }> {
  const { datasets, split, licenses } = data;
  const opened = await openSources(datasets, warn, ctx.stop);
  const splits = await documentSplits(opened, split, pause);
  const sources = withBuilders(opened, datasets, { seed, maxSeqTokens, ...splits, warn, stop: ctx.stop });
  const named = sources.map((source, i) => ({ name: datasets[i]!.name, source }));
  const licensed = named.map(({ name, source }) => ({ name, license: source.license }));
  const refused = licenseProblems(licensed, licenses?.allow);
  if (refused.length > 0) throw new ConfigError("data.licenses", refused);
  for (const message of licenseWarnings(licensed)) warn(message);
  return { ...splits, sources: named };
}

/**
 * A function that emits each warning once: sources that are read twice (for a limit, for decontamination)
 * repeat theirs.
 */
function warnOnce(ctx: StageContext): Warn {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    ctx.emit({ type: "warning", stage: "data", message });
  };
}

/** What to do about passages that held-out prompts and those of the training have in common. */
function sharedTold({ held, shared, first, isWhole }: Shared): string[] {
  if (first === null) return [];
  return [
    `${isWhole ? "" : "at least "}${shared} of ${held} held-out examples share a passage of ${passageChars} characters or more with ` +
      `examples that are trained on (first: ${first.id}: ${quoted(first.passage)}). If it is part of a ` +
      "document, say which rows are on one document: a `document` column, or fields.document",
  ];
}

function thoughtSummary(made: readonly DatasetManifest[]): Record<string, number> {
  const thoughts = made.reduce((total, dataset) => total + dataset.thoughts, 0);
  return thoughts > 0 ? { thoughts } : {};
}

function totalsOf(made: readonly DatasetManifest[]): DataManifest["totals"] {
  const sum = (of: (dataset: DatasetManifest) => number) => made.reduce((total, d) => total + of(d), 0);
  return {
    read: sum((d) => d.rows.read),
    kept: sum((d) => d.rows.kept),
    changed: sum((d) => d.rows.changed),
    dropped: sum((d) => d.rows.dropped),
    examples: sum((d) => d.examples),
  };
}
