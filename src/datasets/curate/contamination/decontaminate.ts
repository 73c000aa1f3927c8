import { resolve } from "node:path";
import type { Example, Split } from "../../../contracts/example.ts";
import type { DecontaminateSpec } from "../../../contracts/recipe.ts";
import { textOf } from "../../../contracts/tool-calls.ts";
import { listFiles } from "../../files/local-files.ts";
import { readRows, rowEndings } from "../../files/read-rows.ts";
import { detail } from "../../reason.ts";
import type { DataSource } from "../../sources/source.ts";
import type { SplitFor } from "../../split.ts";
import type { CurateStep } from "../curate-step.ts";
import { createNgrams, leastWords } from "./ngrams.ts";
import { createCovered } from "./passage-overlap.ts";
import { readText } from "./read-text.ts";
import { createShortTexts, leastShortWords } from "./short-texts.ts";

/** A source under the name that its examples have. */
export interface NamedSource {
  name: string;
  source: DataSource;
}

/** What benchmarks are read with. */
export interface BenchmarkInputs {
  sources: readonly NamedSource[];
  splitFor: SplitFor;
  /** What the texts of examples go through before they are compared. */
  scrub(text: string): string;
  /** Awaited from time to time; throws Stopped. */
  pause(): Promise<void>;
  /** Called for rows that cannot be read, whose texts are then not looked for. */
  warn(message: string): void;
}

/** Texts that examples must not repeat. */
export interface Benchmarks {
  /** How a text is looked for: in other texts, as a whole prompt, or (too short) not at all. */
  add(text: string, item: string, group: string): Search;
  /** What an example repeats, in words for the ledger, or null. */
  find(example: Pick<Example, "messages">): string | null;
}

const searches = ["none", "whole", "inside"] as const;
type Search = (typeof searches)[number];

/** Finds one shared run of words, or a share of a benchmark's words where the recipe sets one. */
function createBenchmarks(spec: DecontaminateSpec): Benchmarks {
  const long = createLongTexts(spec);
  const short = createShortTexts(spec.max_documents);
  return {
    add(text, item, group) {
      if (long.add(text, item, group)) return "inside";
      return short.add(text, item, group) ? "whole" : "none";
    },
    find({ messages }) {
      const found = long.find(messages.map(textOf));
      if (found !== null) return found;
      const asked = messages.find(({ role }) => role === "user")?.content ?? "";
      const item = short.find(asked);
      return item === null ? null : `as in ${item}: ${asked.trim()}`;
    },
  };
}

interface LongTexts {
  add(text: string, item: string, group: string): boolean;
  find(texts: readonly string[]): string | null;
}

function createLongTexts({ ngram_words, max_documents, match_threshold }: DecontaminateSpec): LongTexts {
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
        if (match) return `as in ${match.item}: ${match.run}`;
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
  const { sources, splitFor, scrub, pause } = inputs;
  const index = createBenchmarks(spec);
  const held = new Set<Split>(spec.splits);
  for (const { name, source } of held.size > 0 ? sources : []) {
    await source.fetch?.(() => {});
    const counts = createSearchCounts(`the held-out examples of ${name}`);
    let items = 0;
    for await (const item of source.items(() => {})) {
      if (items++ % 256 === 0) await pause();
      if (!("draft" in item) || !held.has(splitFor(item.draft))) continue;
      const { id, document, messages } = item.draft;
      const where = `${name}/${id}`;
      counts.add(
        where,
        messages.map((message) => index.add(scrub(textOf(message)), where, document)),
      );
    }
    counts.tell(inputs.warn);
  }
  for (const path of spec.files) await addFiles(index, path, inputs);
  return index;
}

async function addFiles(index: Benchmarks, path: string, { scrub, warn }: BenchmarkInputs): Promise<void> {
  for (const file of await listFiles(resolve(path))) {
    const counts = createSearchCounts(`the rows of ${file.name}`);
    if (!rowEndings.some((ending) => file.name.replace(/\.(gz|zst)$/, "").endsWith(ending))) {
      counts.add(file.name, [index.add(scrub(await readText(file.path)), file.name, file.name)]);
      counts.tell(warn);
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
      counts.add(
        item,
        [...textsOf(row.value)].map((text) => index.add(scrub(text), item, item)),
      );
    }
    counts.tell(warn);
    if (unread > 0)
      warn(
        `decontaminate: expected rows, got ${unread} that cannot be read and are not looked for (first: ` +
          `${first}). Repair the file, or leave the rows out`,
      );
  }
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const one of Object.values(value)) yield* textsOf(one);
}

/** Counts the items whose texts are all too short, so that nobody takes them for looked for. */
function createSearchCounts(what: string) {
  const firstOf = new Map<Search, string>();
  const counts: Record<Search, number> = { none: 0, whole: 0, inside: 0 };
  return {
    add(item: string, texts: readonly Search[]): void {
      const best = texts.reduce<Search>(
        (most, one) => (searches.indexOf(one) > searches.indexOf(most) ? one : most),
        "none",
      );
      counts[best]++;
      if (!firstOf.has(best)) firstOf.set(best, item);
    },
    tell(warn: (message: string) => void): void {
      const { none, whole, inside } = counts;
      const of = `of ${none + whole + inside}`;
      if (whole > 0)
        warn(
          `decontaminate: ${whole} ${of} of ${what} have no text of ${leastWords} words or more: examples are ` +
            `dropped only where the first question is one of theirs (first: ${firstOf.get("whole")})`,
        );
      if (none > 0)
        warn(
          `decontaminate: ${none} ${of} of ${what} are not looked for, as no text of theirs has ` +
            `${leastShortWords} words (first: ${firstOf.get("none")})`,
        );
    },
  };
}

/** Drops an example of another split that repeats a benchmark, and keeps the words in `detail`. */
export function decontaminate(index: Benchmarks, splits: readonly Split[]): CurateStep {
  return (example) => {
    if (splits.includes(example.split) || example.split === "test") return null;
    const found = index.find(example);
    return found === null ? null : { dropped: { reason: "contaminated", detail: detail(found) } };
  };
}
