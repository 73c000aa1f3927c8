import type { Example, Split, Task } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";

/** Tokens and cost of a teacher model's replies; `cost` is there where the recipe has prices. */
export interface TeacherUsage {
  /** Of all replies, from the cache or the endpoint: the same for the same recipe and replies. */
  made: {
    endpoint: string;
    model: string;
    replies: number;
    input_tokens: number;
    output_tokens: number;
    /** Replies whose tokens the server did not count; the sums leave them out. */
    without_usage: number;
    cost?: number;
  };
  /** What this run did to get them; `cost` is that of the requests made now. */
  run: { asked: number; from_cache: number; retries: number; cost?: number };
}

/** Counts of one dataset. `read` = `kept` + `changed` + `dropped`; `examples` = `kept` + `changed`. */
export interface DatasetCounts {
  rows: { read: number; kept: number; changed: number; dropped: number };
  /** Dropped and changed rows by reason. */
  reasons: Record<string, number>;
  /** Rows by how they were read, where files have rows. */
  by_form: Record<string, number>;
  examples: number;
  /** Messages of the examples that have a thought (`reasoning_content`). */
  thoughts: number;
  by_task: Partial<Record<Task, number>>;
  by_split: Record<Split, number>;
  /** By meta.length; examples without one are "unknown". */
  by_length: Record<string, number>;
  /** Task, length and split together, as "qa/long/test". */
  by_cell: Record<string, number>;
  documents: Record<Split, number>;
  /** UTF-16 units of an example: messages with thoughts and calls, and tools. */
  chars: { total: number; median: number; p90: number; max: number };
}

/** UTF-16 units of all messages with their thoughts and calls, and of the tools. */
export function charCount({ messages, tools }: Pick<Example, "messages" | "tools">): number {
  return messages.reduce((sum, message) => sum + textOf(message).length, tools?.length ?? 0);
}
