import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Pack } from "../../contracts/pack.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { dataPaths, mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { writeFileAtomic } from "../../files.ts";
import { openPacks, type PackStore } from "../../mixing/packs/pack-store.ts";
import { quoteForShell } from "../../quote.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { recipeWarnings } from "../../run/recipe/recipe-warnings.ts";
import { inputHash } from "../../run/state/input-hash.ts";
import { tokenizerDirOf } from "../../run/state/models.ts";
import { completeRecord } from "../../run/state/record.ts";
import { loadTokenizer, type Tokenizer } from "../../tokenizer/tokenizer.ts";
import { UsageError } from "../exit.ts";
import { formatTable } from "../output/format.ts";
import { writeNote } from "../output/note.ts";
import type { Style } from "../output/style.ts";
import { inspectPage } from "./inspect-html.ts";
import {
  diffSections,
  droppedSections,
  mixSections,
  readMixManifest,
  type Section,
} from "./inspect-report.ts";
import { legend, renderSegment, segmentRuns } from "./render-pack.ts";

export interface InspectOptions {
  split: "train" | "validation";
  pack?: number;
  example?: string;
  limit?: number;
  tokens?: boolean;
  /** Show rows that were dropped or changed instead of examples; with `reason`, only those of one reason. */
  dropped?: boolean;
  reason?: string;
  /** The folder of another run to compare with. */
  diff?: string;
  /** Write an HTML page to this file instead of lines. */
  html?: string;
  style: Style;
  writeLine: (line: string) => void;
  /** A message for the user that is not part of the output. */
  note: (text: string) => void;
}

/**
 * Prints examples of a run's packs. Throws UsageError when the packs, the pack or the example do not exist.
 */
export async function inspectPacks(
  target: string,
  overrides: readonly string[],
  options: InspectOptions,
): Promise<void> {
  const { recipe, runDir } = await openRun(target, overrides, options);
  const rows = {
    perReason: options.limit ?? 3,
    ...(options.reason !== undefined && { reason: options.reason }),
  };
  const asked =
    options.diff !== undefined
      ? await diffSections(runDir, resolve(options.diff))
      : options.dropped
        ? await droppedSections(runDir, rows)
        : null;
  if (asked && options.html === undefined) {
    for (const line of asked.flatMap(sectionLines)) options.writeLine(line);
    return;
  }
  const tokenizer = await loadTokenizer(await tokenizerDirOf(recipe));
  const packsDir = mixPaths(runPaths(runDir).mix)[options.split];
  await using store = await openPacks(packsDir);
  const mix = mixSections(readMixManifest(runDir));
  if (options.html === undefined) {
    for (const line of mix.flatMap(sectionLines)) options.writeLine(line);
    await printExamples(store, packsDir, tokenizer, options);
    return;
  }
  const examples = await exampleSection(store, tokenizer, options);
  const rest = asked ?? [...mix, ...(await droppedSections(runDir, rows))];
  const page = inspectPage(`${recipe.name}: what the model sees`, [...rest, examples]);
  await writeFileAtomic(options.html, page);
  options.note(`wrote ${options.html}`);
}

/**
 * The run of a recipe or in a folder. Notes when its packs are not what the recipe would make now. Throws
 * UsageError when there are no packs; dropped rows are shown without them.
 */
async function openRun(
  target: string,
  overrides: readonly string[],
  { diff, dropped, html, note }: InspectOptions,
): Promise<{ recipe: Recipe; runDir: string }> {
  const isRun = existsSync(target) && statSync(target).isDirectory();
  const recipePath = isRun ? runPaths(target).recipe : target;
  if (isRun && !existsSync(recipePath)) {
    throw new UsageError(
      `${target}: expected a recipe or the folder of a run, got a folder without recipe.yaml`,
    );
  }
  const recipe = await loadRecipe(recipePath, overrides, writeNote);
  for (const message of await recipeWarnings(recipe)) note(message);
  const runDir = isRun ? resolve(target) : resolve(recipe.output_dir);
  const hasPacks = (dir: string): boolean => existsSync(mixPaths(runPaths(dir).mix).manifest);
  const hasRows = existsSync(dataPaths(runPaths(runDir).data).ledger);
  const wantsRows = dropped === true && diff === undefined && html === undefined;
  if (wantsRows && hasRows && !hasPacks(runDir)) {
    note("there are no packs yet: these are the rows of the data stage");
    return { recipe, runDir };
  }
  if (!hasPacks(runDir)) {
    throw new UsageError(
      `${runDir}: expected packs, got none. Make them first: zebra mix ${quoteForShell(recipePath)}`,
    );
  }
  if (!(await completeRecord(runDir, "mix", await inputHash("mix", recipe))))
    note(
      "these packs were made from an earlier state of the recipe or its sources; `zebra mix` makes new ones",
    );
  if (diff !== undefined && !hasPacks(diff))
    throw new UsageError(`--diff ${diff}: expected the folder of a run with packs, got none`);
  return { recipe, runDir };
}

async function printExamples(
  store: PackStore,
  packsDir: string,
  tokenizer: Tokenizer,
  options: InspectOptions,
): Promise<void> {
  const { split, style, writeLine, pack: onlyPack, example } = options;
  writeLine(legend(style));
  const isWhole = onlyPack !== undefined || example !== undefined;
  const limit = options.limit ?? (isWhole ? Number.POSITIVE_INFINITY : 3);
  let shown = 0;
  for await (const { index, pack, segment } of chosen(store, options)) {
    if (shown++ >= limit) break;
    const place = `example ${segment + 1} of ${pack.seq_lengths.length}`;
    writeLine("");
    writeLine(style.dim(`${split} pack ${index} of ${store.count}, ${place}`));
    for (const line of await renderSegment(pack, segment, tokenizer, options)) writeLine(line);
  }
  if (shown > 0) return;
  const what = example === undefined ? "examples" : `an example ${example}`;
  throw new UsageError(`${packsDir}: expected ${what}, got none. Ids are in the column sources.`);
}

function sectionLines({ title, table }: Section): string[] {
  return ["", title, ...(table ? formatTable(table.header, table.rows, table.leftColumns) : []), ""];
}

/** The examples of an HTML page: 30 by default. */
async function exampleSection(
  store: PackStore,
  tokenizer: Tokenizer,
  options: InspectOptions,
): Promise<Section> {
  const limit = options.limit ?? 30;
  const examples: NonNullable<Section["examples"]> = [];
  for await (const { pack, segment, index } of chosen(store, options)) {
    if (examples.length >= limit) break;
    const id = pack.sources[segment] ?? "";
    const head = `${id}: ${pack.seq_lengths[segment]} tokens, pack ${index}`;
    examples.push({ head, runs: await segmentRuns(pack, segment, tokenizer) });
  }
  return { title: `${examples.length} examples of the ${options.split} packs`, examples };
}

interface Chosen {
  index: number;
  pack: Pack;
  segment: number;
}

async function* chosen(store: PackStore, { pack: only, example }: InspectOptions): AsyncGenerator<Chosen> {
  if (only !== undefined && only >= store.count) {
    throw new UsageError(`--pack ${only}: expected a pack below ${store.count}, got ${only}`);
  }
  const [from, to] = only === undefined ? [0, store.count] : [only, only + 1];
  for (let index = from; index < to; index++) {
    const pack = await store.read(index);
    for (const segment of pack.seq_lengths.keys()) {
      if (example === undefined || pack.sources[segment] === example) yield { index, pack, segment };
    }
  }
}
