import type { Task } from "../../contracts/example.ts";
import type { Draft, SourceItem } from "../draft.ts";
import type { JsonObject, JsonRow } from "../files/json-rows.ts";
import type { LocalFile } from "../files/local-files.ts";
import { readRows } from "../files/read-rows.ts";
import { charCount } from "../folder/counts.ts";
import { counted, joinReasons, type Reason, type RowPlace } from "../reason.ts";
import type { Dropped, RowFacts, Turns } from "./conversation.ts";
import type { DocumentOf } from "./document-id.ts";
import { type DocumentColumns, watchDocumentColumns } from "./mapping/document-columns.ts";
import type { FormOf, RowForm } from "./row-forms.ts";
import { idOf } from "./row-id.ts";
import { SeenRows } from "./seen-rows.ts";
import { checkTurns } from "./turns/check-turns.ts";
import { nothingUnread, type Unread, unreadOf, unreadProblem } from "./unread-columns.ts";

const tasks: readonly string[] = ["summarization", "qa", "writing", "other"] satisfies Task[];
export const longChars = 5_000;

/** Files of rows, and how a row becomes examples. */
export interface RowReading {
  /** The dataset's name, for warnings. */
  name: string;
  files: readonly LocalFile[];
  /** How a row is read. */
  formOf: FormOf;
  /**
   * Whether a row's `id`, `task`, `document` and `meta` mean what they mean here; in a mapped dataset a
   * column may mean anything.
   */
  ownKeys: boolean;
  /** Turns of one role in a row become one; else they drop their row. */
  joinConsecutive?: boolean;
  /** The task where neither row nor converter names one. */
  task: Task;
  /** Tells the document of a conversation. */
  documentOf: DocumentOf;
}

/** The rows of all files as drafts, or with the reason why there is none. `progress` is called with bytes. */
export async function* rowItems(
  reading: RowReading,
  progress: (done: number) => void,
  warn: (message: string) => void,
): AsyncGenerator<SourceItem> {
  const { name, files } = reading;
  const seen = new SeenRows(name);
  const columns = watchDocumentColumns();
  let before = 0;
  for (const file of files) {
    let rows = 0;
    for await (const row of readRows(file.path, file.name)) {
      rows++;
      progress(before + row.endByte);
      const { place } = row;
      const id = files.length === 1 ? String(place.row) : `${place.file}:${place.row}`;
      if ("value" in row) {
        const { value, index } = row;
        if (row.changed) seen.addNotNumber();
        const form = reading.formOf(value);
        const converted = [form.convert(value)].flat();
        const unread = unreadOf(value, { ...form, ownKeys: reading.ownKeys });
        const placed = { place, value, index, file: file.name, form, changed: row.changed };
        for (const [i, turns] of converted.entries()) {
          const own = converted.length > 1 ? `${id}.${i}` : id;
          const item = itemOf({ ...placed, id: own }, turns, reading, unread);
          if ("draft" in item) columns.add(value, unread.harmless, item.draft.document);
          yield seen.add(item, unread);
        }
        continue;
      }
      warnOfEnd(row, name, warn);
      yield seen.add({ place, id, dropped: row.dropped }, nothingUnread);
    }
    if (rows === 0) warn(`${name}: ${file.name} has no rows`);
    before += file.sizeBytes;
  }
  const found = columns.found();
  for (const message of seen.warnings(found?.column)) warn(message);
  if (found !== null) warn(documentColumnTold(name, found));
}

function documentColumnTold(
  name: string,
  { column, values, rows }: NonNullable<ReturnType<DocumentColumns["found"]>>,
): string {
  return (
    `${name}: ${column} has ${values} values in ${counted(rows, "row")} and is not used. If it says which document a ` +
    `row is about, write \`fields.document: ${column}\` beside the other fields, or call the column document: else ` +
    "rows on one document can be in train and in test"
  );
}

/** Warns of a row that stands for everything a file is missing, or has after its end. */
function warnOfEnd(
  { place, index, dropped: { reason } }: Extract<JsonRow, { dropped: Reason }>,
  name: string,
  warn: (message: string) => void,
): void {
  const where = `${name}: ${place.file}: expected`;
  if (reason === "cut_short") {
    warn(
      `${where} a whole file, got one that is cut short after ${counted(index, "row")}. What follows is dropped ` +
        "as one row.",
    );
  }
  if (reason === "trailing_bytes")
    warn(
      `${where} nothing behind its ${counted(index, "row")}, got more bytes. They are dropped as one row.`,
    );
}

/** A row of a file; `id` is used where the row has none of its own. */
interface PlacedRow {
  id: string;
  place: RowPlace;
  value: JsonObject;
  index: number;
  file: string;
  form: RowForm;
  /** What reading it changed already. */
  changed: Reason | undefined;
}

/** One conversation of a row, checked. Adds values that mean nothing here to `unread`. */
function itemOf(row: PlacedRow, turns: Turns | Dropped, reading: RowReading, unread: Unread): SourceItem {
  const { id, place, value, index, file, form } = row;
  const named = idOf(reading.ownKeys ? value.id : "dropped" in turns ? undefined : turns.about?.id);
  const drop = ({ dropped }: Dropped): SourceItem => {
    // Under its own id, by which a user may ask for it.
    return { place, form: form.name, id: (reading.ownKeys && named.id) || id, dropped };
  };
  if ("dropped" in turns) return drop(turns);
  const ignored = [...(turns.unread ?? []), ...unread.mattering];
  const checked = unreadProblem(turns, ignored) ?? checkTurns(turns, reading.joinConsecutive);
  if ("dropped" in checked) return drop(checked);
  const { messages, tools, context, about = {}, changed } = checked;
  const facts = reading.ownKeys ? { ...factsOf(value, unread.harmless), ...about } : about;
  const draft: Draft = {
    id: named.id ?? id,
    ...common(facts, reading.task, { messages, ...(tools && { tools }) }),
    messages,
    ...(tools === undefined ? {} : { tools }),
    ...(context === undefined ? {} : { context }),
    document: reading.documentOf(facts.document, { messages, ...(context && { context }) }),
    row: index,
    file,
  };
  const lost =
    ignored.length > 0 ? { reason: "unread_column", detail: `${ignored.join(", ")}: not read` } : undefined;
  const changes = [lost, row.changed, changed, named.changed].filter((change) => change !== undefined);
  const all = joinReasons(changes);
  return { place, form: form.name, draft, ...(all === undefined ? {} : { changed: all }) };
}

/** What a row in one of our formats says about itself. */
function factsOf(row: JsonObject, unused: string[]): RowFacts {
  const { task, document, meta } = row;
  const isTask = tasks.includes(String(task));
  if (task !== undefined && task !== null && !isTask) unused.push("task (values that are no task)");
  // A number can name a document as well.
  const named = typeof document === "number" ? String(document) : document;
  if (named !== undefined && named !== null && typeof named !== "string")
    unused.push("document (values that are no text)");
  const hasMeta = typeof meta === "object" && meta !== null && !Array.isArray(meta);
  if (meta !== undefined && meta !== null && !hasMeta) unused.push("meta (values that are no object)");
  return {
    ...(isTask ? { task: task as Task } : {}),
    ...(typeof named === "string" && named !== "" ? { document: named.toWellFormed() } : {}),
    ...(hasMeta ? { meta: meta as JsonObject } : {}),
  };
}

function common(
  facts: RowFacts,
  task: Task,
  conversation: Pick<Draft, "messages" | "tools">,
): Pick<Draft, "task" | "meta"> {
  const own = facts.task ?? task;
  const last = conversation.messages.findLast((m) => m.role === "assistant")!;
  // A call is not a text that an answer can be compared with.
  const scored = (own === "qa" || own === "summarization") && last.tool_calls === undefined;
  const answers = facts.answers ?? [last.content];
  return {
    task: own,
    meta: {
      length: charCount(conversation) >= longChars ? "long" : "short",
      ...(scored || facts.answers ? { answers } : {}),
      ...facts.meta,
    },
  };
}
