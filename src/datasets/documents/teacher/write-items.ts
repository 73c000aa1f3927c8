import type { SourceItem } from "../../draft.ts";
import type { Refusal } from "../../endpoint/client.ts";
import { detail, type Reason } from "../../reason.ts";
import type { SplitFor } from "../../split.ts";
import type { BuilderDocument } from "../builder.ts";
import { documentOf } from "../documents.ts";
import { headOf } from "../filler.ts";
import { fold } from "./grounding.ts";
import type { TeacherOptions } from "./options.ts";
import { readItems } from "./read-items.ts";
import type { Reply } from "./replies/reply.ts";
import { requestOf, type TeacherRequest } from "./request.ts";
import { lengthOf } from "./task.ts";
import { teacherTaskCatalog } from "./tasks/index.ts";

export interface ItemWriterSpec {
  splitFor: SplitFor;
  options: TeacherOptions;
  ask(request: TeacherRequest): Promise<Reply | Refusal>;
}

/**
 * A function that gives what the teacher writes about one item of the source: an example or a reason for each
 * item that was asked for, or one reason where nothing could be asked. Throws what `ask` throws.
 */
export function createItemWriter({ splitFor, options, ask }: ItemWriterSpec) {
  const { task: taskName } = options;
  const task = teacherTaskCatalog[taskName];
  return async (item: SourceItem): Promise<SourceItem[]> => {
    if ("dropped" in item) return [item];
    const { place, draft } = item;
    const drop = (dropped: Reason): SourceItem[] => [{ place, id: draft.id, dropped }];
    const whole = documentOf(draft, splitFor);
    if (whole === null) {
      return drop({
        reason: "not_document",
        detail: "a teacher reads documents; this row is a conversation",
      });
    }
    const { document, cut } = cutTo(whole, options.max_document_chars);
    if (document.text === "")
      return drop({ reason: "no_example", detail: "the document has no sentence that is short enough" });
    const reply = await ask(requestOf(document, task, options));
    if ("status" in reply)
      return drop({ reason: "teacher_failed", detail: detail(`expected a reply, got ${reply.message}`) });
    const taught = { ...document, folded: fold(document.text), length: lengthOf(document.text) };
    const changed = cut ?? item.changed;
    return readItems(reply, task, taught, options).map((read, n): SourceItem => {
      const id = `${draft.id}/teacher-${taskName}-${n}`;
      if ("dropped" in read) return { place, id, dropped: read.dropped };
      const { row, file, split } = draft;
      const made = { ...read.draft(`${options.seed}/${n}`), id, row, file, ...(split && { split }) };
      return { place, draft: made, ...(changed ? { changed } : {}) };
    });
  };
}

/** The document's first sentences, at most `chars` characters, and a reason where that is not all of it. */
function cutTo(document: BuilderDocument, chars: number): { document: BuilderDocument; cut?: Reason } {
  const { text } = document;
  if (text.length <= chars) return { document };
  const head = headOf(text, chars);
  const told = `the first ${head.length} of ${text.length} characters (max_document_chars ${chars})`;
  return { document: { ...document, text: head }, cut: { reason: "document_head", detail: told } };
}
