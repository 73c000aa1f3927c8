import { type Static, Type } from "@sinclair/typebox";
import { choice, mapping, openMapping } from "../schema.ts";

export const tasks = ["summarization", "qa", "writing", "other"] as const;
export const roles = ["system", "user", "assistant", "tool"] as const;
export const splits = ["train", "validation", "test"] as const;

export type Task = (typeof tasks)[number];
export type Role = (typeof roles)[number];
export type Split = (typeof splits)[number];

const isFunction = Type.Unsafe<"function">({ const: "function" });
const someText = (description?: string) =>
  Type.String({ minLength: 1, ...(description === undefined ? {} : { description }) });

const toolCallSchema = mapping({
  id: Type.Optional(someText()),
  type: isFunction,
  function: mapping({
    name: someText(),
    arguments: Type.String({ description: "JSON text of an object, spelt as in the data." }),
  }),
});

const messageSchema = mapping({
  role: choice(roles),
  content: Type.String(),
  train: Type.Optional(
    Type.Boolean({ description: "Absent: assistant messages are trained, others are not." }),
  ),
  reasoning_content: Type.Optional(
    someText("What the assistant thinks before it says `content`, however the source names it."),
  ),
  tool_calls: Type.Optional(
    Type.Array(toolCallSchema, {
      description:
        "What an assistant calls, in OpenAI's form, besides what it says in `content` (which may be empty).",
      minItems: 1,
    }),
  ),
  tool_call_id: Type.Optional(someText("Of a tool's message: the call that it answers.")),
  name: Type.Optional(
    someText("Who speaks, for templates that write it: the tool, or one of several users."),
  ),
});

/** One of `tools`. */
export const toolSchema = openMapping({ type: isFunction, function: openMapping({ name: someText() }) });

const contextSpanSchema = mapping({
  message: Type.Integer({ description: "Index into messages.", minimum: 0 }),
  start: Type.Integer({ description: "First UTF-16 unit of the content.", minimum: 0 }),
  end: Type.Integer({ description: "One past the last UTF-16 unit.", minimum: 0 }),
});

const sourceSchema = mapping({
  dataset: someText(),
  revision: someText("Package version, commit or checksum of what was read."),
  license: someText('SPDX id, or "unknown".'),
  row: Type.Integer({ description: "Row number (from 0) in the file or dataset.", minimum: 0 }),
  file: Type.Optional(Type.String({ description: "The file the row is in, relative to the source." })),
  document: someText("The document it was made from: examples of one document are never in two splits."),
});

/**
 * The canonical example: the one form that every source is turned into, and all that later stages know.
 * `schema/example.schema.json` is made from this (`npm run generate`).
 */
export const exampleSchema = mapping(
  {
    id: someText("Unique over the run: <dataset>/<row or name>."),
    task: choice(tasks),
    split: choice(splits),
    messages: Type.Array(messageSchema, { minItems: 1 }),
    tools: Type.Optional(
      // Text: a JavaScript object writes 1.0 as 1, loses digits from 2⁵³ on and puts keys that are numbers
      // first.
      someText(
        "Functions that the chat template is told can be called: JSON text of a list in OpenAI's form.",
      ),
    ),
    context: Type.Optional(
      Type.Array(contextSpanSchema, {
        description: "The parts of the prompt that are document and alone may be shortened.",
      }),
    ),
    source: sourceSchema,
    meta: Type.Unsafe<Record<string, unknown>>({
      description: "What a benchmark needs besides the messages: `answers`, `choices`, `kind` … Plain JSON.",
      type: "object",
    }),
  },
  { description: "The one form that every source is turned into." },
);

export type Example = Static<typeof exampleSchema>;
export type Message = Static<typeof messageSchema>;
export type ToolCall = Static<typeof toolCallSchema>;
export type Tool = Static<typeof toolSchema>;
export type Source = Static<typeof sourceSchema>;

/**
 * A half-open range of UTF-16 units of one message's content: the document inside the prompt, which alone may
 * be shortened.
 */
export type ContextSpan = Static<typeof contextSpanSchema>;

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
