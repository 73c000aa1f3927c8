import { BOOLEAN, INTEGER, LIST, STRUCT, VARCHAR } from "@duckdb/node-api";
import type { ContextSpan, Example, LedgerRow, Message, Source } from "./example.ts";
import type { Row } from "./table-batch.ts";

/** How examples and ledger rows stand in Parquet; Hugging Face `datasets` reads both as they are. */

const message = STRUCT({ role: VARCHAR, content: VARCHAR, train: BOOLEAN });
const span = STRUCT({ message: INTEGER, start: INTEGER, end: INTEGER });
const source = STRUCT({
  dataset: VARCHAR,
  revision: VARCHAR,
  license: VARCHAR,
  row: INTEGER,
  file: VARCHAR,
  document: VARCHAR,
});

export const exampleColumns = {
  id: VARCHAR,
  task: VARCHAR,
  split: VARCHAR,
  messages: LIST(message),
  context: LIST(span),
  source,
  /** JSON: its keys differ from source to source. */
  meta: VARCHAR,
} as const;

/** Its cells, and those inside them, in the order of `exampleColumns`. */
export function exampleRow({ id, task, split, messages, context, source, meta }: Example): Row {
  const { dataset, revision, license, row, file = null, document } = source;
  return [
    id,
    task,
    split,
    messages.map(({ role, content, train = null }) => [role, content, train]),
    context?.map(({ message, start, end }) => [message, start, end]) ?? null,
    [dataset, revision, license, row, file, document],
    JSON.stringify(meta),
  ];
}

/** A row of `examples.parquet` as DuckDB gives it in plain values: what is absent in an example is null here. */
interface StoredExample extends Pick<Example, "id" | "task" | "split"> {
  messages: (Omit<Message, "train"> & { train: boolean | null })[];
  context: ContextSpan[] | null;
  source: Omit<Source, "file"> & { file: string | null };
  meta: string;
}

export function exampleOf(row: Record<string, unknown>): Example {
  const { id, task, split, messages, context, source, meta } = row as unknown as StoredExample;
  const { file, ...from } = source;
  return {
    id,
    task,
    split,
    messages: messages.map(({ train, ...rest }) => (train === null ? rest : { ...rest, train })),
    ...(context === null ? {} : { context }),
    source: file === null ? from : { ...from, file },
    meta: JSON.parse(meta) as Example["meta"],
  };
}

export const ledgerColumns = {
  dataset: VARCHAR,
  row: INTEGER,
  id: VARCHAR,
  fate: VARCHAR,
  stage: VARCHAR,
  reason: VARCHAR,
  detail: VARCHAR,
  tokens_before: INTEGER,
  tokens_after: INTEGER,
  /** Where `row` is, for sources of several files. */
  file: VARCHAR,
} as const;

export function ledgerRow(row: LedgerRow): Row {
  return (Object.keys(ledgerColumns) as (keyof LedgerRow)[]).map((name) => row[name]);
}
