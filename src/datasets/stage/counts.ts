import type { Example, LedgerRow } from "../../contracts/example.ts";
import { charCount, type DatasetCounts } from "../folder/counts.ts";
import { Sizes } from "./sizes.ts";
import { TextSet } from "./text-set.ts";

/** Counts the examples and ledger rows of a dataset. Keeps a hash of each document. */
export class Counter {
  readonly #counts: DatasetCounts = {
    rows: { read: 0, kept: 0, changed: 0, dropped: 0 },
    reasons: {},
    by_form: {},
    examples: 0,
    thoughts: 0,
    by_task: {},
    by_split: { train: 0, validation: 0, test: 0 },
    by_length: {},
    by_cell: {},
    documents: { train: 0, validation: 0, test: 0 },
    chars: { total: 0, median: 0, p90: 0, max: 0 },
  };
  readonly #documents = new TextSet();
  readonly #sizes = new Sizes();

  /** `form`: how the row was read; a row may give several conversations, each with a row of the ledger. */
  addRow({ fate, reason }: Pick<LedgerRow, "fate" | "reason">, form?: string): void {
    const { rows, reasons, by_form: forms } = this.#counts;
    if (form !== undefined) forms[form] = (forms[form] ?? 0) + 1;
    rows.read++;
    if (fate !== "shortened") rows[fate]++;
    if (reason !== "") reasons[reason] = (reasons[reason] ?? 0) + 1;
  }

  addExample(example: Example): void {
    const counts = this.#counts;
    const { task, split, source } = example;
    const length = typeof example.meta.length === "string" ? example.meta.length : "unknown";
    counts.examples++;
    for (const { reasoning_content: thought } of example.messages)
      if (thought !== undefined) counts.thoughts++;
    counts.by_task[task] = (counts.by_task[task] ?? 0) + 1;
    counts.by_split[split]++;
    counts.by_length[length] = (counts.by_length[length] ?? 0) + 1;
    const cell = `${task}/${length}/${split}`;
    counts.by_cell[cell] = (counts.by_cell[cell] ?? 0) + 1;
    if (this.#documents.add(source.document)) counts.documents[split]++;
    this.#sizes.add(charCount(example));
  }

  result(): DatasetCounts {
    return { ...this.#counts, chars: this.#sizes.result() };
  }
}
