import type { ContextSpan, Message, Task } from "../../contracts/example.ts";
import type { Reason } from "../reason.ts";

/** A row's conversation as its format reads it, before its turns are checked. */
export interface Turns {
  messages: Message[];
  /** JSON text of a list of functions. */
  tools?: string;
  context?: ContextSpan[];
  /** How many of the messages, at their beginning, come from a column: turns are counted without them. */
  inserted?: number;
  /** What was done to the row already. */
  changed?: readonly Reason[];
  /** Columns that matter and are not read. */
  unread?: readonly string[];
  /** What else a field mapping or a catalog entry knows about the row. */
  about?: RowFacts;
}

export interface RowFacts {
  id?: string;
  task?: Task;
  /** The name of the document it is about: a document must not be in two splits. */
  document?: string;
  /** All answers that count as right. */
  answers?: string[];
  /** Further keys of `meta`. */
  meta?: Record<string, unknown>;
}

/** Why a row has no conversation: what a converter returns instead of turns. */
export interface Dropped {
  dropped: Reason;
}

export function drop(reason: string, detail: string): Dropped {
  return { dropped: { reason, detail } };
}
