import { resolve } from "node:path";
import type { DataSpec, DecontaminateSpec } from "../../recipe/recipe.ts";
import { textOf } from "../../tool-calls.ts";
import type { Split } from "../example.ts";
import { listFiles } from "../local-files.ts";
import { readRows, rowEndings } from "../row-files.ts";
import { type DataSource, detail } from "../source.ts";
import { splitOf } from "../split.ts";
import { createNgrams, type NgramIndex } from "./ngrams.ts";
import { readText } from "./read-text.ts";
import type { Step } from "./step.ts";

/** A source under the name that its examples have. */
export interface NamedSource {
  name: string;
  source: DataSource;
}

/**
 * Reads what examples must not repeat: the held-out splits of the run's own sources, and the files that the recipe
 * names, of which every text in every row counts. `scrub`: what the examples' texts go through before they are
 * compared; `pause` is awaited now and then. Throws DataError for a file that cannot be read.
 */
export async function readBenchmarks(
  spec: DecontaminateSpec,
  own: readonly NamedSource[],
  split: DataSpec["split"],
  scrub: (text: string) => string,
  pause: () => Promise<void>,
): Promise<NgramIndex> {
  const index = createNgrams(spec.ngram_words, spec.max_documents);
  const held = new Set<Split>(spec.splits);
  for (const { name, source } of held.size > 0 ? own : []) {
    await source.fetch?.(() => {});
    let items = 0;
    for await (const item of source.items(() => {})) {
      if (items++ % 256 === 0) await pause();
      if (!("draft" in item) || !held.has(splitOf(item.draft.document, split))) continue;
      const { id, document, messages } = item.draft;
      for (const message of messages) index.add(scrub(textOf(message)), `${name}/${id}`, document);
    }
  }
  for (const path of spec.files) await addFiles(index, path, scrub);
  return index;
}

async function addFiles(index: NgramIndex, path: string, scrub: (text: string) => string): Promise<void> {
  for (const file of await listFiles(resolve(path))) {
    if (!rowEndings.some((ending) => file.name.replace(/\.(gz|zst)$/, "").endsWith(ending))) {
      index.add(scrub(await readText(file.path)), file.name, file.name);
      continue;
    }
    for await (const row of readRows(file.path, file.name)) {
      if ("dropped" in row) continue;
      const item = `${file.name}:${row.place.row}`;
      for (const text of textsOf(row.value)) index.add(scrub(text), item, item);
    }
  }
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const one of Object.values(value)) yield* textsOf(one);
}

/** Drops an example of another split that has a run of words of a benchmark, and keeps the words in `detail`. */
export function decontaminate(index: NgramIndex, splits: readonly Split[]): Step {
  return (example) => {
    if (splits.includes(example.split) || example.split === "test") return null;
    for (const message of example.messages) {
      const text = textOf(message);
      const match = index.find(text);
      if (match === null) continue;
      const words = text.slice(match.start, match.end);
      return { dropped: { reason: "contaminated", detail: detail(`as in ${match.item}: ${words}`) } };
    }
    return null;
  };
}
