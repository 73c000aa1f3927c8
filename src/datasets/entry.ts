import type { Task } from "../contracts/example.ts";
import type { Draft, SourceDocument } from "./draft.ts";

export type Length = "short" | "long";

/** What a recipe may set under `options` of a catalog dataset. */
export interface BuildOptions {
  lengths: ReadonlySet<Length>;
  tasks: ReadonlySet<Task>;
  /**
   * Long contexts and long answers are built no longer than this, in UTF-16 units; what is asked for stays
   * in.
   */
  maxChars: number;
}

/** A dataset that ships with the package: one file in `catalog/`, one line in `catalog/index.ts`. */
export interface DatasetEntry {
  id: string;
  title: string;
  /** For the card: what the examples are and how they were made. */
  description: string;
  /** SPDX id. */
  license: string;
  /** What was read: `<package>@<version>`. */
  revision: string;
  tasks: readonly Task[];
  lengths: readonly Length[];
  /** Questions are filled-in templates over real text (not written by people, not by a model). */
  templated: boolean;
  /** Whether its examples are whole documents, without a question. */
  documentsAlone?: boolean;
  documents(): AsyncIterable<SourceDocument>;
  /** Drafts in the order of the documents. A document may give none. */
  examples(options: BuildOptions): AsyncIterable<{ document: SourceDocument; drafts: Iterable<Draft> }>;
}
