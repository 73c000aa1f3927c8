/**
 * The canonical example: the one form that every source is turned into, and all that later stages know.
 * Checked with ajv against `schema/example.schema.json`.
 */
export type Task = "summarization" | "qa" | "writing" | "other";
export type Role = "system" | "user" | "assistant" | "tool";
export type Split = "train" | "validation" | "test";

export interface Message {
  role: Role;
  content: string;
  /** Absent: assistant messages are trained, others are not. */
  train?: boolean;
  /** What the assistant thinks before it says `content`, however the source names it. */
  reasoning_content?: string;
  /** What the assistant calls, besides what it says in `content` (which may then be empty). */
  tool_calls?: ToolCall[];
  /** Of a tool's message: the call that it answers. */
  tool_call_id?: string;
  /** Who speaks, for templates that write it: the tool, or one of several users. */
  name?: string;
}

/** OpenAI's form. */
export interface ToolCall {
  id?: string;
  type: "function";
  function: {
    name: string;
    /** JSON text of an object, as the data have it. */
    arguments: string;
  };
}

/** A function that the assistant may call, in OpenAI's form; its other keys (`parameters` …) are the template's to read. */
export interface Tool {
  type: "function";
  function: { name: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** A half-open range of UTF-16 units of one message's content: the document inside the prompt, which alone may be shortened. */
export interface ContextSpan {
  message: number;
  start: number;
  end: number;
}

export interface Source {
  dataset: string;
  /** Package version, commit or checksum of what was read. */
  revision: string;
  /** SPDX id, or "unknown". */
  license: string;
  /** Row number (0-based) in the file or dataset. */
  row: number;
  /** The file the row is in, relative to the source. */
  file?: string;
  /** The document it was made from: examples of one document are never in two splits. */
  document: string;
}

export interface Example {
  /** Unique over the run: `<dataset>/<row or name>`. */
  id: string;
  task: Task;
  split: Split;
  messages: Message[];
  /**
   * What the chat template is told that can be called: JSON text of a list of `Tool`. Text, because a JavaScript
   * object writes 1.0 as 1, loses digits from 2⁵³ on and puts keys that are numbers first.
   */
  tools?: string;
  context?: ContextSpan[];
  source: Source;
  /** What a benchmark needs besides the messages: `answers`, `choices`, `kind` … Plain JSON. */
  meta: Record<string, unknown>;
}

/** The fate of one input row. Counts over fates add up to the rows read. */
export interface LedgerRow {
  dataset: string;
  /** 1-based line of a text file, else 0-based row. */
  row: number;
  id: string;
  fate: "kept" | "dropped" | "shortened" | "changed";
  /** Where the fate was decided; of a kept row the last stage that saw it. */
  stage: "data" | "mix";
  /** Short stable code: "json_syntax", "empty_answer", "over_length" … */
  reason: string;
  detail: string;
  /** As rendered, and what of it may be in packs; null where no mix tokenized the row. */
  tokens_before: number | null;
  tokens_after: number | null;
  file: string;
}
