import type { Task } from "../../contracts/example.ts";
import type { BuiltCounts } from "../documents/built-counts.ts";
import type { SourceItem } from "../draft.ts";
import type { BuildOptions, DatasetEntry } from "../entry.ts";
import type { TeacherUsage } from "../folder/counts.ts";
import type { Reason } from "../reason.ts";
import type { FileSplits } from "./file-splits.ts";

/** What the stage reads: a catalog entry, local files, a Hub dataset, or what is built of one of these. */
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
  /** What a builder has made of its documents, once they are read. */
  built?(): BuiltCounts | undefined;
  /** What a teacher model has written so far, where one does. */
  teacher?(): TeacherUsage;
  /**
   * Downloads what is not on this machine; `progress` is called with the bytes that are there, out of
   * `total`.
   */
  fetch?(progress: (done: number) => void): Promise<void>;
  /**
   * Only the rows of files that are held out as a whole; absent where no file is. A document in them is in no
   * other split.
   */
  heldOut?(): AsyncIterable<SourceItem>;
  /** Files that are held out as a whole, and the split that their names, a card or the recipe says. */
  held?: FileSplits;
  /** Reads from the start at each call. `progress` is called with how many units are done. */
  items(progress: (done: number) => void): AsyncIterable<SourceItem>;
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
