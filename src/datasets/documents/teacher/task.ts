import { type TUnsafe, Type } from "@sinclair/typebox";
import { mapping } from "../../../schema.ts";
import type { Draft } from "../../draft.ts";
import type { Length } from "../../entry.ts";
import type { Reason } from "../../reason.ts";
import { sizes } from "../../synthesize/passage.ts";
import type { BuilderDocument } from "../builder.ts";
import type { Folded } from "./grounding.ts";
import type { TeacherOptions } from "./options.ts";

/** What a teacher may be asked to write: one file in `tasks/`, one line in its index. */
export interface TeacherTask {
  /** What the teacher is told, where the recipe has no prompt of its own. */
  instruction: string;
  /** One item, as the reply should have it. */
  form(options: TeacherOptions): string;
  /** JSON Schema of an item: fields that are all texts. */
  schema: ItemSchema;
  /** Checks an item that fits the schema against the document. */
  read(item: Readonly<Record<string, string>>, document: TaughtDocument, options: TeacherOptions): Written;
}

/** The document as the teacher saw it. */
export interface TaughtDocument extends BuilderDocument {
  folded: Folded;
  length: Length;
}

/** What an item became. Of two items of a document with the same `gist`, one is dropped. */
export type Written = { gist: string; draft(name: string): Draft } | { dropped: Reason };

export function lengthOf(text: string): Length {
  return text.length >= sizes.longMinimum ? "long" : "short";
}

export type ItemSchema = TUnsafe<Readonly<Record<string, string>>>;

/** The schema of an item whose fields are all texts, each there. */
export function textFields(...names: string[]): ItemSchema {
  return mapping(Object.fromEntries(names.map((name) => [name, Type.String()])));
}

export function invalid(detail: string): { dropped: Reason } {
  return { dropped: { reason: "teacher_invalid", detail } };
}

export function ungrounded(detail: string): { dropped: Reason } {
  return { dropped: { reason: "teacher_ungrounded", detail } };
}
