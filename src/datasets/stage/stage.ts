import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type StageContext, Stopped } from "../../contracts/events.ts";
import type { Example, LedgerRow } from "../../contracts/example.ts";
import type { DataSpec, DatasetSpec } from "../../contracts/recipe.ts";
import { dataPaths, examplesFile, runPaths } from "../../contracts/run-folder.ts";
import { ConfigError } from "../../errors.ts";
import { removeUnfinished, sha256OfFile, writeFileAtomic, writeFolderAtomic } from "../../files.ts";
import { joinParquet } from "../../tables/join-parquet.ts";
import { createTableWriter, type TableWriter } from "../../tables/part-writer.ts";
import { createTable } from "../../tables/table.ts";
import { type Curator, createCurator } from "../curate/curator.ts";
import { renderCurve } from "../curate/minhash.ts";
import { withBuilders } from "../documents/built-source.ts";
import { teacherSummary } from "../documents/teacher/summary.ts";
import type { Draft, SourceItem } from "../draft.ts";
import { charCount } from "../folder/counts.ts";
import type { DataManifest, DatasetManifest } from "../folder/data-folder.ts";
import { exampleColumns, exampleRow, ledgerColumns, ledgerRow } from "../folder/example-columns.ts";
import { exampleProblem } from "../folder/validate-example.ts";
import { detail, joinReasons } from "../reason.ts";
import { openSources } from "../sources/open-sources.ts";
import type { DataSource } from "../sources/source.ts";
import { evenly } from "../sources/spread-evenly.ts";
import { splitOf } from "../split.ts";
import { renderCard } from "./card.ts";
import { Counter } from "./counts.ts";
import { licenseProblems, licenseWarnings } from "./licenses.ts";
import { openFinished } from "./resume.ts";
import { TextSet } from "./text-set.ts";

/** Rows between two looks at the stop signal and two progress events. */
const batchRows = 256;

/**
 * Reads every source of the recipe (`seed`: for what `build` makes of them, the rest draws nothing) and writes, under `<runDir>/data`: `<dataset>/examples.parquet` with its card
 * `README.md`, `ledger.parquet` (a row for each input row) and, last, `manifest.json`. Every file appears whole. Stopped
 * or failed, it goes on after the last dataset that was complete with the same `ctx.inputHash`, unless copies are removed.
 *
 * Throws ConfigError (all problems at once) for what the recipe has wrong, DataError for a source that cannot be
 * read at all, Stopped between batches. A single bad row is no error: it is in the ledger.
 */
export async function runDataStage(ctx: StageContext, spec: { data: DataSpec; seed: number }): Promise<void> {
  const { datasets, split, curate } = spec.data;
  // Sources are read more than once, for a limit or for decontamination, and say the same each time.
  const told = new Set<string>();
  const warn = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    ctx.emit({ type: "warning", stage: "data", message });
  };
  const opened = await openSources(datasets, warn, ctx.stop);
  const sources = withBuilders(opened, datasets, { seed: spec.seed, split, warn, stop: ctx.stop });
  const licensed = sources.map(({ license }, i) => ({ name: datasets[i]!.name, license }));
  const refused = licenseProblems(licensed, spec.data.licenses?.allow);
  if (refused.length > 0) throw new ConfigError("data.licenses", refused);
  for (const message of licenseWarnings(licensed)) warn(message);
  const named = sources.map((source, i) => ({ name: datasets[i]!.name, source }));
  const curator = await createCurator(curate, {
    sources: named,
    split,
    warn,
    async pause() {
      if (ctx.stop.stopped) throw new Stopped();
      await new Promise(setImmediate);
    },
  });
  const dataDir = runPaths(ctx.runDir).data;
  await mkdir(dataDir, { recursive: true });
  await removeUnfinished(dataDir);
  // Without a manifest the folder is not whole: nobody reads half of a new run beside half of an old one.
  await rm(dataPaths(dataDir).manifest, { force: true });
  // Which of several copies stays hangs on what was seen before, so all of it has to be seen again.
  const isApart = !curate?.exact_duplicates && !curate?.near_duplicates;
  const finished = await openFinished(dataDir, isApart ? ctx.inputHash : undefined);

  await using writer = createTableWriter();
  const made: DatasetManifest[] = [];
  for (const [i, source] of sources.entries()) {
    const dataset = datasets[i]!;
    let manifest = await finished.read(dataset.name, source);
    if (!manifest) {
      const ledgerPath = finished.ledgerPath(dataset.name);
      manifest = await buildDataset(ctx, { dataDir, ledgerPath, writer }, dataset, source, split, curator);
      await finished.write(manifest);
    }
    const { kept, dropped, changed } = manifest.rows;
    const { name, reasons } = manifest;
    ctx.emit({ type: "ledger", dataset: name, kept, dropped, shortened: 0, changed, reasons });
    made.push(manifest);
  }
  const temporary = `${dataPaths(dataDir).ledger}.tmp`;
  await joinParquet(
    made.map(({ name }) => finished.ledgerPath(name)),
    temporary,
  );
  await rename(temporary, dataPaths(dataDir).ledger);
  const sum = (of: (d: DatasetManifest) => number) => made.reduce((total, d) => total + of(d), 0);
  const totals = {
    read: sum((d) => d.rows.read),
    kept: sum((d) => d.rows.kept),
    changed: sum((d) => d.rows.changed),
    dropped: sum((d) => d.rows.dropped),
    examples: sum((d) => d.examples),
  };
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
      ...teacherSummary(sources),
      ...(curate?.near_duplicates ? { near_duplicates: renderCurve(curate.near_duplicates) } : {}),
    },
  });
}

async function buildDataset(
  ctx: StageContext,
  { dataDir, ledgerPath, writer }: { dataDir: string; ledgerPath: string; writer: TableWriter },
  spec: DatasetSpec,
  source: DataSource,
  split: DataSpec["split"],
  curate: Curator,
): Promise<DatasetManifest> {
  const { total, unit } = source;
  const label = `${spec.name} (download)`;
  await source.fetch?.((done) =>
    ctx.emit({ type: "stage.progress", stage: "data", label, done, total, unit }),
  );
  const counter = new Counter();
  await using ledger = await createTable(dataDir, ledgerColumns, writer);
  const note = async (row: Omit<LedgerRow, "dataset" | "stage" | "tokens_before" | "tokens_after">) => {
    counter.addRow(row);
    const full = {
      dataset: spec.name,
      stage: "data",
      tokens_before: null,
      tokens_after: null,
      ...row,
    } as const;
    await ledger.append(ledgerRow(full), 200);
  };
  let sample: Example | undefined;
  let file = { sizeBytes: 0, sha256: "" };

  await writeFolderAtomic(join(dataDir, spec.name), async (folder) => {
    await using table = await createTable(dataDir, exampleColumns, writer);
    const { limit } = spec;
    const within = limit === undefined ? undefined : evenly(await countDrafts(ctx, spec, source), limit);
    const ids = new TextSet();
    for await (const item of watched(ctx, spec.name, source)) {
      const id = `${spec.name}/${"draft" in item ? item.draft.id : item.id}`;
      if ("dropped" in item) {
        await note({ ...item.place, id, fate: "dropped", ...item.dropped });
        continue;
      }
      const made = exampleFrom(item.draft, spec, source, split);
      const renamed = makeUnique(made, ids, item);
      const problem = exampleProblem(made);
      if (problem !== null) {
        await note({ ...item.place, id, fate: "dropped", reason: "schema", detail: detail(problem) });
      } else if (within && !within()) {
        await note({ ...item.place, id, fate: "dropped", reason: "limit", detail: `limit ${spec.limit}` });
      } else {
        const curated = curate(made);
        if ("dropped" in curated) {
          await note({ ...item.place, id: made.id, fate: "dropped", ...curated.dropped });
          continue;
        }
        const { example } = curated;
        const changed = joinReasons([renamed, curated.changed].filter((reason) => reason !== undefined));
        await note({
          ...item.place,
          id: example.id,
          fate: changed ? "changed" : "kept",
          ...(changed ?? { reason: "", detail: "" }),
        });
        counter.addExample(example);
        await table.append(exampleRow(example), charCount(example));
        sample ??= example;
      }
    }
    const parquet = join(folder, examplesFile);
    await table.writeParquet(parquet);
    file = { sizeBytes: (await stat(parquet)).size, sha256: await sha256OfFile(parquet) };
    await writeFileAtomic(join(folder, "README.md"), renderCard(spec.name, source, counter.result(), sample));
  });

  await mkdir(dirname(ledgerPath), { recursive: true });
  await ledger.writeParquet(`${ledgerPath}.tmp`);
  await rename(`${ledgerPath}.tmp`, ledgerPath);

  const { from, format, license, revision, templated } = source;
  return {
    name: spec.name,
    from,
    format,
    license,
    revision,
    templated,
    file: `${spec.name}/${examplesFile}`,
    ...file,
    ...counter.result(),
    ...(source.teacher && { teacher: source.teacher().made }),
  };
}

function exampleFrom(draft: Draft, spec: DatasetSpec, source: DataSource, split: DataSpec["split"]): Example {
  const { id, task, messages, tools, context, meta, document, row, file } = draft;
  const { revision, license } = source;
  return {
    id: `${spec.name}/${id}`,
    task,
    split: splitOf(document, split),
    messages,
    ...(tools === undefined ? {} : { tools }),
    ...(context === undefined ? {} : { context }),
    source: { dataset: spec.name, revision, license, row, file, document },
    meta,
  };
}

/** A second row of the same id keeps its content and gets the place added to its id. */
function makeUnique(example: Example, ids: TextSet, item: Extract<SourceItem, { draft: Draft }>) {
  const { place, changed } = item;
  const taken = example.id;
  for (let n = 0; !ids.add(example.id); n++) {
    example.id = `${taken}@${place.file}:${place.row}${n === 0 ? "" : `.${n}`}`;
  }
  if (example.id === taken) return changed;
  return {
    reason: "duplicate_id",
    detail: detail(`the id ${taken} was there before${changed ? `; ${changed.detail}` : ""}`),
  };
}

/** Items, with progress events, and Stopped when asked. */
async function* watched(ctx: StageContext, label: string, source: DataSource): AsyncGenerator<SourceItem> {
  const { total, unit } = source;
  let [done, rows, lookedMs] = [0, 0, performance.now()];
  const report = () => ctx.emit({ type: "stage.progress", stage: "data", label, done, total, unit });
  for await (const item of source.items((n) => {
    done = n;
  })) {
    // A row may take a second where a model writes it.
    if (rows++ % batchRows === 0 || performance.now() - lookedMs > 1000) {
      lookedMs = performance.now();
      if (ctx.stop.stopped) throw new Stopped();
      report();
      // Reading and building are long synchronous stretches: let events and signals through.
      await new Promise(setImmediate);
    }
    yield item;
  }
  done = total;
  report();
}

/** Reads the source once, so that the rows within the limit can be spread evenly over it. */
async function countDrafts(ctx: StageContext, spec: DatasetSpec, source: DataSource): Promise<number> {
  let total = 0;
  for await (const item of watched(ctx, `${spec.name} (counting)`, source)) if ("draft" in item) total++;
  return total;
}
