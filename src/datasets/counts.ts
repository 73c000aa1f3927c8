import { textOf } from "../tool-calls.ts";
import type { Example, LedgerRow, Split, Task } from "./example.ts";
import { Sizes } from "./sizes.ts";
import { TextSet } from "./text-set.ts";

/** What one dataset came to. `read` = `kept` + `changed` + `dropped`; `examples` = `kept` + `changed`. */
export interface DatasetCounts {
  rows: { read: number; kept: number; changed: number; dropped: number };
  /** Dropped and changed rows by reason. */
  reasons: Record<string, number>;
  examples: number;
  by_task: Partial<Record<Task, number>>;
  by_split: Record<Split, number>;
  /** By meta.length; examples without one are "unknown". */
  by_length: Record<string, number>;
  /** Task, length and split together, as "qa/long/test". */
  by_cell: Record<string, number>;
  documents: Record<Split, number>;
  /** UTF-16 units of an example: messages, calls and tools. */
  chars: { total: number; median: number; p90: number; max: number };
}

/** Counts as examples and ledger rows go by. Keeps hashes of the documents. */
export class Counter {
  readonly #counts: DatasetCounts = {
    rows: { read: 0, kept: 0, changed: 0, dropped: 0 },
    reasons: {},
    examples: 0,
    by_task: {},
    by_split: { train: 0, validation: 0, test: 0 },
    by_length: {},
    by_cell: {},
    documents: { train: 0, validation: 0, test: 0 },
    chars: { total: 0, median: 0, p90: 0, max: 0 },
  };
  readonly #documents = new TextSet();
  readonly #sizes = new Sizes();

  addRow({ fate, reason }: Pick<LedgerRow, "fate" | "reason">): void {
    const { rows, reasons } = this.#counts;
    rows.read++;
    if (fate !== "shortened") rows[fate]++;
    if (reason !== "") reasons[reason] = (reasons[reason] ?? 0) + 1;
  }

  addExample(example: Example): void {
    const counts = this.#counts;
    const { task, split, source } = example;
    const length = typeof example.meta.length === "string" ? example.meta.length : "unknown";
    counts.examples++;
    counts.by_task[task] = (counts.by_task[task] ?? 0) + 1;
    counts.by_split[split]++;
    counts.by_length[length] = (counts.by_length[length] ?? 0) + 1;
    const cell = `${task}/${length}/${split}`;
    counts.by_cell[cell] = (counts.by_cell[cell] ?? 0) + 1;
    if (this.#documents.add(source.document)) counts.documents[split]++;
    this.#sizes.add(sizeOf(example));
  }

  result(): DatasetCounts {
    return { ...this.#counts, chars: this.#sizes.result() };
  }
}

/** UTF-16 units of all messages with their calls, and of the tools. */
export function sizeOf({ messages, tools }: Pick<Example, "messages" | "tools">): number {
  const defined = tools === undefined ? 0 : JSON.stringify(tools).length;
  return messages.reduce((sum, message) => sum + textOf(message).length, defined);
}
