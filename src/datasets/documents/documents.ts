import type { Draft } from "../draft.ts";
import type { SplitFor } from "../split.ts";
import type { BuilderDocument } from "./builder.ts";

/** The document that a row is: a row whose only message is an answer. Null for any other row. */
export function documentOf(draft: Draft, splitFor: SplitFor): BuilderDocument | null {
  const [message, ...more] = draft.messages;
  if (message?.role !== "assistant" || more.length > 0) return null;
  const { title, description } = draft.meta;
  return {
    id: draft.document,
    name: draft.id,
    title: typeof title === "string" ? title : draft.id,
    summary: typeof description === "string" ? description : "",
    text: message.content,
    row: draft.row,
    file: draft.file,
    split: splitFor(draft),
  };
}
