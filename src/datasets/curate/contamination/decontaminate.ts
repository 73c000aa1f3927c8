import { resolve } from "node:path";
import type { Split } from "../../../contracts/example.ts";
import type { DataSpec, DecontaminateSpec } from "../../../contracts/recipe.ts";
import { textOf } from "../../../contracts/tool-calls.ts";
import { listFiles } from "../../files/local-files.ts";
import { readRows, rowEndings } from "../../files/read-rows.ts";
import { detail } from "../../reason.ts";
import type { DataSource } from "../../sources/source.ts";
import { splitOf } from "../../split.ts";
import type { CurateStep } from "../curate-step.ts";
import { createNgrams } from "./ngrams.ts";
import { createCovered } from "./passage-overlap.ts";
import { readText } from "./read-text.ts";

/** A source under the name that its examples have. */
export interface NamedSource {
  name: string;
  source: DataSource;
}

/** What benchmarks are read with. */
export interface BenchmarkInputs {
  sources: readonly NamedSource[];
  split: DataSpec["split"];
  /** What the texts of examples go through before they are compared. */
  scrub(text: string): string;
  /** Awaited from time to time; throws Stopped. */
  pause(): Promise<void>;
  /** Called for rows that cannot be read, whose texts are then not looked for. */
  warn(message: string): void;
}

/** Texts that examples must not repeat. */
export interface Benchmarks {
  add(text: string, item: string, group: string): void;
  /** What an example with these texts repeats, in words for the ledger, or null. */
  find(texts: readonly string[]): string | null;
}

/** Finds one shared run of words, or a share of a benchmark's words where the recipe sets one. */
function createBenchmarks({ ngram_words, max_documents, match_threshold }: DecontaminateSpec): Benchmarks {
  if (match_threshold !== undefined) {
    const index = createCovered(ngram_words, max_documents, match_threshold);
    return {
      add: index.add,
      find(texts) {
        const match = index.find(texts);
        return match && `${Math.floor(match.share * 100)} % of ${match.item}: ${match.passage}`;
      },
    };
  }
  const index = createNgrams(ngram_words, max_documents);
  return {
    add: index.add,
    find(texts) {
      for (const text of texts) {
        const match = index.find(text);
        if (match) return `as in ${match.item}: ${text.slice(match.start, match.end)}`;
      }
      return null;
    },
  };
}

/**
 * Reads what examples must not repeat: the held-out splits of the run's own sources, and every text in the
 * files that the recipe names. Throws DataError for a file that cannot be read.
 */
export async function readBenchmarks(spec: DecontaminateSpec, inputs: BenchmarkInputs): Promise<Benchmarks> {
  const { sources, split, scrub, pause } = inputs;
  const index = createBenchmarks(spec);
  const held = new Set<Split>(spec.splits);
  for (const { name, source } of held.size > 0 ? sources : []) {
    await source.fetch?.(() => {});
    let items = 0;
    for await (const item of source.items(() => {})) {
      if (items++ % 256 === 0) await pause();
      if (!("draft" in item) || !held.has(splitOf(item.draft.document, split))) continue;
      const { id, document, messages } = item.draft;
      for (const message of messages) index.add(scrub(textOf(message)), `${name}/${id}`, document);
    }
  }
  for (const path of spec.files) await addFiles(index, path, inputs);
  return index;
}

async function addFiles(index: Benchmarks, path: string, { scrub, warn }: BenchmarkInputs): Promise<void> {
  for (const file of await listFiles(resolve(path))) {
    if (!rowEndings.some((ending) => file.name.replace(/\.(gz|zst)$/, "").endsWith(ending))) {
      index.add(scrub(await readText(file.path)), file.name, file.name);
      continue;
    }
    let unread = 0;
    let first = "";
    for await (const row of readRows(file.path, file.name)) {
      if ("dropped" in row) {
        const { reason } = row.dropped;
        if (reason === "blank_line") continue;
        unread++;
        first ||= `${file.name}:${row.place.row}: ${reason}`;
        continue;
      }
      const item = `${file.name}:${row.place.row}`;
      for (const text of textsOf(row.value)) index.add(scrub(text), item, item);
    }
    if (unread > 0)
      warn(
        `decontaminate: expected rows, got ${unread} that cannot be read and are not looked for (${first} …)`,
      );
  }
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const one of Object.values(value)) yield* textsOf(one);
}

/** Drops an example of another split that repeats a benchmark, and keeps the words in `detail`. */
export function decontaminate(index: Benchmarks, splits: readonly Split[]): CurateStep {
  return (example) => {
    if (splits.includes(example.split) || example.split === "test") return null;
    const found = index.find(example.messages.map(textOf));
    return found === null ? null : { dropped: { reason: "contaminated", detail: detail(found) } };
  };
}
