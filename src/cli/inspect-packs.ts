import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Pack } from "../mixing/pack.ts";
import { openPacks, type PackStore } from "../mixing/store.ts";
import { loadRecipe } from "../recipe/load.ts";
import { completeRecord } from "../run/record.ts";
import { inputHash, tokenizerDirOf } from "../run/stages.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { UsageError } from "./exit.ts";
import { quote } from "./invocation.ts";
import { legend, renderSegment } from "./render-pack.ts";
import type { Style } from "./style.ts";

export interface InspectOptions {
  split: "train" | "validation";
  pack?: number;
  example?: string;
  limit?: number;
  tokens?: boolean;
  style: Style;
  writeLine: (line: string) => void;
  /** For the person, not part of the output. */
  note: (text: string) => void;
}

/** Prints examples of a run's packs. Throws UsageError when the packs, the pack or the example do not exist. */
export async function inspectPacks(
  target: string,
  overrides: readonly string[],
  options: InspectOptions,
): Promise<void> {
  const { split, style, writeLine } = options;
  const isRun = existsSync(target) && statSync(target).isDirectory();
  const recipePath = isRun ? join(target, "recipe.yaml") : target;
  if (isRun && !existsSync(recipePath)) {
    throw new UsageError(
      `${target}: expected a recipe or the folder of a run, got a folder without recipe.yaml`,
    );
  }
  const recipe = await loadRecipe(recipePath, overrides);
  const runDir = isRun ? resolve(target) : resolve(recipe.output_dir);
  if (!existsSync(join(runDir, "mix", "manifest.json"))) {
    throw new UsageError(
      `${runDir}: expected packs, got none. Make them first: zebra mix ${quote(recipePath)}`,
    );
  }
  if (!(await completeRecord(runDir, "mix", await inputHash("mix", recipe)))) {
    options.note(
      "these packs are of an earlier state of the recipe or its sources; `zebra mix` makes them anew",
    );
  }
  const tokenizer = await loadTokenizer(tokenizerDirOf(recipe));
  await using store = await openPacks(join(runDir, "mix", split));
  writeLine(legend(style));
  const limit =
    options.limit ??
    (options.pack === undefined && options.example === undefined ? 3 : Number.POSITIVE_INFINITY);
  let shown = 0;
  for await (const { index, pack, segment } of chosen(store, options)) {
    if (shown++ >= limit) break;
    writeLine("");
    writeLine(
      style.dim(
        `${split} pack ${index} of ${store.count}, example ${segment + 1} of ${pack.seq_lengths.length}`,
      ),
    );
    for (const line of await renderSegment(pack, segment, tokenizer, options)) writeLine(line);
  }
  if (shown === 0) {
    const what = options.example === undefined ? "examples" : `an example ${options.example}`;
    throw new UsageError(
      `${join(runDir, "mix", split)}: expected ${what}, got none. Ids are in the column sources.`,
    );
  }
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
