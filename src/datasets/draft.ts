import type { Example, Split } from "../contracts/example.ts";
import type { Reason, RowPlace } from "./reason.ts";

/** One text of a source. It is in one split (train, validation or test) as a whole. */
export interface SourceDocument {
  /** `<catalog id>/<name>`, the same in every recipe. */
  id: string;
  /** Row number (0-based) in `file`. */
  row: number;
  file: string;
  title: string;
  text: string;
}

/** An example before the stage adds what the recipe decides: dataset name, licence, revision and split. */
export interface Draft extends Pick<Example, "task" | "messages" | "tools" | "context" | "meta"> {
  /** Unique in its dataset. */
  id: string;
  /** Id of the document it was made from. */
  document: string;
  /** Where its file is of a held-out split. */
  split?: Split;
  row: number;
  file: string;
}

/** One input row: an example, perhaps changed, or the reason why there is none. `form`: how it was read. */
export type SourceItem = { place: RowPlace; form?: string } & (
  | { draft: Draft; changed?: Reason }
  | { id: string; dropped: Reason }
);
