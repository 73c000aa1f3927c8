import type { Example } from "../contracts/example.ts";
import type { Reason, RowPlace } from "./reason.ts";

/** One text of a source: what is split into train, validation and test as a whole. */
export interface SourceDocument {
  /** `<catalog id>/<name>`, the same in every recipe. */
  id: string;
  /** Row number (0-based) in `file`. */
  row: number;
  file: string;
  title: string;
  text: string;
}

/** An example before the recipe has its say: the stage adds dataset name, licence, revision and split. */
export interface Draft extends Pick<Example, "task" | "messages" | "tools" | "context" | "meta"> {
  /** Unique in its dataset. */
  id: string;
  /** Id of the document it was made from. */
  document: string;
  row: number;
  file: string;
}

/** One input row: an example, as it was or changed, or the reason why there is none. */
export type SourceItem =
  | { place: RowPlace; draft: Draft; changed?: Reason }
  | { place: RowPlace; id: string; dropped: Reason };
