import type { ContextSpan, Message, Task, Tool } from "../../contracts/example.ts";
import type { Reason } from "../reason.ts";

/** A row's conversation as its format read it, before its turns are checked. */
export interface Turns {
  messages: Message[];
  tools?: Tool[];
  context?: ContextSpan[];
  /** What a field mapping or a catalog entry knows of the row besides. */
  about?: RowFacts;
}

export interface RowFacts {
  id?: string;
  task?: Task;
  /** What must not be in two splits. */
  document?: string;
  /** Every answer that counts as right. */
  answers?: string[];
  /** Further keys of `meta`. */
  meta?: Record<string, unknown>;
}

/** Why a row has no conversation; a converter returns it instead of turns. */
export interface Dropped {
  dropped: Reason;
}

export function drop(reason: string, detail: string): Dropped {
  return { dropped: { reason, detail } };
}
