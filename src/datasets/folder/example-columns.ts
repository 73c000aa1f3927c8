import { BOOLEAN, INTEGER, LIST, STRUCT, VARCHAR } from "@duckdb/node-api";
import type { ContextSpan, Example, LedgerRow, Message, Source, ToolCall } from "../../contracts/example.ts";
import type { TableCell, TableRow } from "../../tables/column-batch.ts";

/** The Parquet columns of examples and ledger rows. Hugging Face `datasets` reads both as they are. */

const call = STRUCT({
  id: VARCHAR,
  type: VARCHAR,
  // JSON text, as OpenAI has it: as a STRUCT, each call would get the keys of all calls.
  function: STRUCT({ name: VARCHAR, arguments: VARCHAR }),
});
const message = STRUCT({
  role: VARCHAR,
  content: VARCHAR,
  train: BOOLEAN,
  reasoning_content: VARCHAR,
  tool_calls: LIST(call),
  tool_call_id: VARCHAR,
  name: VARCHAR,
});
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
  /** JSON, because each tool has its own schema; TRL reads it like this. */
  tools: VARCHAR,
  context: LIST(span),
  source,
  /** JSON, because its keys differ from source to source. */
  meta: VARCHAR,
} as const;

/** An example's cells, also inside lists and structs, in the order of `exampleColumns`. */
export function exampleRow({ id, task, split, messages, tools, context, source, meta }: Example): TableRow {
  const { dataset, revision, license, row, file = null, document } = source;
  return [
    id,
    task,
    split,
    messages.map(messageCells),
    tools ?? null,
    context?.map(({ message, start, end }) => [message, start, end]) ?? null,
    [dataset, revision, license, row, file, document],
    JSON.stringify(meta),
  ];
}

function messageCells(message: Message): TableCell {
  const { role, content, train, reasoning_content: thought, tool_calls, tool_call_id, name } = message;
  const calls = tool_calls?.map(callCells) ?? null;
  return [role, content, train ?? null, thought ?? null, calls, tool_call_id ?? null, name ?? null];
}

function callCells({ id, type, function: { name, arguments: given } }: ToolCall): TableCell {
  return [id ?? null, type, [name, given]];
}

/** A row of `examples.parquet` in plain values, as DuckDB gives it: what an example lacks is null here. */
export interface StoredExample extends Pick<Example, "id" | "task" | "split"> {
  messages: StoredMessage[];
  /** Absent in tables of older versions. */
  tools?: string | null;
  context: ContextSpan[] | null;
  source: Omit<Source, "file"> & { file: string | null };
  meta: string;
}

interface StoredMessage extends Pick<Message, "role" | "content"> {
  train: boolean | null;
  reasoning_content?: string | null;
  tool_calls?: (Omit<ToolCall, "id"> & { id: string | null })[] | null;
  tool_call_id?: string | null;
  name?: string | null;
}

function messageOf(stored: StoredMessage): Message {
  const { role, content, train, reasoning_content: thought, tool_calls, tool_call_id, name } = stored;
  const message: Message = { role, content };
  if (train !== null) message.train = train;
  if (typeof thought === "string") message.reasoning_content = thought;
  if (tool_calls)
    message.tool_calls = tool_calls.map(({ id, ...call }) => (id === null ? call : { id, ...call }));
  if (typeof tool_call_id === "string") message.tool_call_id = tool_call_id;
  if (typeof name === "string") message.name = name;
  return message;
}

export function exampleOf(row: StoredExample): Example {
  const { id, task, split, messages, tools, context, source, meta } = row;
  const { file, ...from } = source;
  return {
    id,
    task,
    split,
    messages: messages.map(messageOf),
    ...(typeof tools === "string" ? { tools } : {}),
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
  /** The file that `row` is in, for sources of several files. */
  file: VARCHAR,
} as const;

export function ledgerRow(row: LedgerRow): TableRow {
  return (Object.keys(ledgerColumns) as (keyof LedgerRow)[]).map((name) => row[name]);
}
