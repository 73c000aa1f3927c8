import type { BuildOptions, DatasetEntry, Draft } from "./entry.ts";
import type { Task } from "./example.ts";

/** Why a row was dropped or changed: a short stable code for counting, and what was found (at most 200 characters). */
export interface Reason {
  reason: string;
  detail: string;
}

/** Where a row is, as the ledger says it: 1-based line of a text file, else 0-based row. */
export interface Place {
  file: string;
  row: number;
}

/** One input row: an example, as it was or changed, or the reason why there is none. */
export type SourceItem =
  | { place: Place; draft: Draft; changed?: Reason }
  | { place: Place; id: string; dropped: Reason };

/** What the stage reads: a catalog entry or local files. */
export interface DataSource {
  /** For manifest and card: "catalog:<id>" or the path as the recipe has it. */
  from: string;
  title: string;
  description: string;
  license: string;
  revision: string;
  templated: boolean;
  format: string;
  /** English, when it is known. */
  language?: string;
  unit: string;
  total: number;
  /** What a teacher model has written so far, where one does. */
  teacher?(): TeacherUsage;
  /** Brings what is elsewhere to this machine; `progress` is told bytes of those at hand so far, out of `total`. */
  fetch?(progress: (done: number) => void): Promise<void>;
  /** Reads anew at each call. `progress` is told how many units are done. */
  items(progress: (done: number) => void): AsyncIterable<SourceItem>;
}

/** Tokens and cost of a teacher model's replies; `cost` is there where the recipe has prices. */
export interface TeacherUsage {
  /** All replies, wherever they came from: the same for the same recipe and replies. */
  made: {
    endpoint: string;
    model: string;
    replies: number;
    input_tokens: number;
    output_tokens: number;
    /** Replies whose tokens the server did not count; they are in no sum. */
    without_usage: number;
    cost?: number;
  };
  /** What this run had to do for them; `cost` is of what was asked now. */
  run: { asked: number; from_cache: number; retries: number; cost?: number };
}

export async function catalogSource(entry: DatasetEntry, options: BuildOptions): Promise<DataSource> {
  let total = 0;
  for await (const _ of entry.documents()) total++;
  return {
    from: `catalog:${entry.id}`,
    title: entry.title,
    description: entry.description,
    license: entry.license,
    revision: entry.revision,
    templated: entry.templated,
    format: "catalog",
    language: "en",
    unit: "documents",
    total,
    async *items(progress) {
      let done = 0;
      for await (const { document, drafts } of entry.examples(options)) {
        const place = { file: document.file, row: document.row };
        let given = 0;
        for (const draft of drafts) {
          given++;
          yield { place, draft };
        }
        if (given === 0) yield { place, id: document.id, dropped: noExample(options.tasks) };
        progress(++done);
      }
    },
  };
}

function noExample(tasks: ReadonlySet<Task>): Reason {
  return {
    reason: "no_example",
    detail: `the document gave no example of the wanted lengths and tasks (${[...tasks].join(", ")})`,
  };
}

/** Text for `detail`: one line, at most 200 characters, none of which steers a terminal. */
export function detail(text: string): string {
  const line = text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "\ufffd")
    .trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}
