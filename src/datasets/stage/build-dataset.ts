import { mkdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StageContext } from "../../contracts/events.ts";
import type { Example, LedgerRow } from "../../contracts/example.ts";
import { sha256OfFile, writeFileAtomic, writeFolderAtomic } from "../../files.ts";
import type { TableWriter } from "../../tables/part-writer.ts";
import { createTable, type Table } from "../../tables/table.ts";
import { charCount } from "../folder/counts.ts";
import type { DatasetManifest } from "../folder/data-folder.ts";
import { exampleColumns, exampleRow, ledgerColumns, ledgerRow } from "../folder/example-columns.ts";
import type { RowPlace } from "../reason.ts";
import { evenly } from "../sources/spread-evenly.ts";
import type { SplitFor } from "../split.ts";
import { renderCard } from "./card.ts";
import { Counter } from "./counts.ts";
import { createJudge, type JudgeSpec, type Outcome } from "./judge-item.ts";
import { countDrafts, readItems } from "./read-items.ts";
import type { SharedPassages } from "./splits/shared-passages.ts";
import { createSplitWatch } from "./splits/split-watch.ts";

/** Characters that a row of the ledger is taken to have. */
const ledgerRowChars = 200;

/** A dataset of the recipe and what it is made with. */
export interface DatasetBuild extends Omit<JudgeSpec, "isWithinLimit"> {
  ctx: StageContext;
  warn(message: string): void;
  /** The split of a document that no file of another split has. */
  ownSplit: SplitFor;
  /** Where prompts are compared over all datasets; absent where nothing is held out. */
  passages?: SharedPassages;
  dataDir: string;
  /** Where the dataset's rows of the ledger go. */
  ledgerPath: string;
  writer: TableWriter;
}

/**
 * Reads a source and writes `<dataDir>/<name>` with its examples and card, and its rows of the ledger; each
 * appears whole. Returns the manifest's entry. Throws DataError for a source that cannot be read, Stopped
 * between rows.
 */
export async function buildDataset(build: DatasetBuild): Promise<DatasetManifest> {
  const { ctx, spec, source, dataDir, ledgerPath, writer } = build;
  const { name } = spec;
  const { total, unit } = source;
  const label = `${name} (download)`;
  await source.fetch?.((done) =>
    ctx.emit({ type: "stage.progress", stage: "data", label, done, total, unit }),
  );
  const counter = new Counter();
  await using ledger = await createTable(dataDir, ledgerColumns, writer);
  let file = { sizeBytes: 0, sha256: "" };
  await writeFolderAtomic(join(dataDir, name), async (folder) => {
    await using examples = await createTable(dataDir, exampleColumns, writer);
    const sample = await fillTables(build, { examples, ledger, counter });
    const path = join(folder, "examples.parquet");
    await examples.writeParquet(path);
    file = { sizeBytes: (await stat(path)).size, sha256: await sha256OfFile(path) };
    await writeFileAtomic(join(folder, "README.md"), renderCard(name, source, counter.result(), sample));
  });
  await mkdir(dirname(ledgerPath), { recursive: true });
  await ledger.writeParquet(`${ledgerPath}.tmp`);
  await rename(`${ledgerPath}.tmp`, ledgerPath);

  const { from, format, license, revision, templated } = source;
  const built = source.built?.();
  return {
    name,
    from,
    format,
    license,
    revision,
    templated,
    file: `${name}/examples.parquet`,
    ...file,
    ...counter.result(),
    ...(built && { built }),
    ...(source.teacher && { teacher: source.teacher().made }),
  };
}

/** Where a dataset's rows go as they are read. */
interface Tables {
  examples: Table;
  ledger: Table;
  counter: Counter;
}

/**
 * Every item of the source in the ledger, and those that are kept in the examples. Returns the first example.
 */
async function fillTables(
  build: DatasetBuild,
  { examples, ledger, counter }: Tables,
): Promise<Example | undefined> {
  const { ctx, spec, source, passages, ownSplit } = build;
  const { name, limit } = spec;
  const watch = createSplitWatch();
  const isWithinLimit = limit === undefined ? undefined : evenly(await countDrafts(ctx, name, source), limit);
  const judge = createJudge({ ...build, ...(isWithinLimit && { isWithinLimit }) });
  let sample: Example | undefined;
  for await (const item of readItems(ctx, name, source)) {
    const outcome = judge(item);
    const row = ledgerEntry(name, item.place, outcome);
    counter.addRow(row, item.form);
    await ledger.append(ledgerRow(row), ledgerRowChars);
    if (!("example" in outcome)) continue;
    const { example } = outcome;
    counter.addExample(example);
    if ("draft" in item) watch.add(example, ownSplit(item.draft));
    passages?.add(example);
    await examples.append(exampleRow(example), charCount(example));
    sample ??= example;
  }
  for (const message of watch.warnings(name)) build.warn(message);
  return sample;
}

function ledgerEntry(dataset: string, place: RowPlace, outcome: Outcome): LedgerRow {
  const isDropped = "dropped" in outcome;
  const why = isDropped ? outcome.dropped : outcome.changed;
  return {
    dataset,
    stage: "data",
    tokens_before: null,
    tokens_after: null,
    ...place,
    id: outcome.id,
    fate: isDropped ? "dropped" : why ? "changed" : "kept",
    ...(why ?? { reason: "", detail: "" }),
  };
}
