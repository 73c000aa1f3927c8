import type { Task } from "../../contracts/example.ts";
import type { Draft, SourceItem } from "../draft.ts";
import type { JsonObject, JsonRow } from "../files/json-rows.ts";
import type { LocalFile } from "../files/local-files.ts";
import { readRows } from "../files/read-rows.ts";
import { charCount } from "../folder/counts.ts";
import { joinReasons, type Reason, type RowPlace } from "../reason.ts";
import { checkTurns } from "./check-turns.ts";
import type { Dropped, RowFacts, Turns } from "./conversation.ts";
import type { DocumentOf } from "./document-id.ts";
import { idOf } from "./row-id.ts";
import { isTurn } from "./turns.ts";

const tasks: readonly string[] = ["summarization", "qa", "writing", "other"] satisfies Task[];
/** Keys of a row that have the same meaning in every format. */
const commonKeys = ["id", "task", "document", "meta"];
export const longChars = 5_000;

/** Files of rows, and how a row becomes examples. */
export interface RowReading {
  /** The dataset's name, for warnings. */
  name: string;
  files: readonly LocalFile[];
  convert(row: JsonObject): Turns | Dropped | readonly (Turns | Dropped)[];
  /** Columns that are read: others are reported as not used. Without it nothing is reported. */
  keys?: readonly string[];
  /**
   * Keys that are read of a turn, its role's key first: others are reported. Without it nothing is reported.
   */
  turnKeys?: readonly string[];
  /**
   * Whether a row's `id`, `task`, `document` and `meta` mean what they mean here; in a mapped dataset a
   * column may mean anything.
   */
  ownKeys: boolean;
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
  const unused = new Set<string>();
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
        const converted = [reading.convert(value)].flat();
        for (const [i, turns] of converted.entries()) {
          const own = converted.length > 1 ? `${id}.${i}` : id;
          yield itemOf({ id: own, place, value, index, file: file.name }, turns, reading, unused);
        }
        continue;
      }
      warnOfEnd(row, name, warn);
      yield { place, id, dropped: row.dropped };
    }
    if (rows === 0) warn(`${name}: ${file.name} has no rows`);
    before += file.sizeBytes;
  }
  if (unused.size > 0) warn(`${name}: columns not used: ${[...unused].sort().slice(0, 20).join(", ")}`);
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
      `${where} a whole file, got one that is cut short after ${index} rows. What follows is dropped ` +
        "as one row.",
    );
  }
  if (reason === "trailing_bytes")
    warn(`${where} nothing behind its ${index} rows, got more bytes. They are dropped as one row.`);
}

/** A row of a file; `id` is used where the row has none of its own. */
interface PlacedRow {
  id: string;
  place: RowPlace;
  value: JsonObject;
  index: number;
  file: string;
}

/** One conversation of a row, checked. Adds the columns that are not read to `unused`. */
function itemOf(
  { id, place, value, index, file }: PlacedRow,
  turns: Turns | Dropped,
  reading: RowReading,
  unused: Set<string>,
): SourceItem {
  const checked = "dropped" in turns ? turns : checkTurns(turns);
  if ("dropped" in checked) {
    // Under its own id, by which a user may ask for it.
    const { id: known = id } = reading.ownKeys ? idOf(value.id) : {};
    return { place, id: known, dropped: checked.dropped };
  }
  noteUnused(value, reading, unused);
  const { messages, tools, context, about = {}, changed } = checked;
  const facts = reading.ownKeys ? { ...factsOf(value, unused), ...about } : about;
  const named = idOf(reading.ownKeys ? value.id : about.id);
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
  const both = joinReasons([changed, named.changed].filter((change) => change !== undefined));
  return { place, draft, ...(both === undefined ? {} : { changed: both }) };
}

function noteUnused(row: JsonObject, { keys, turnKeys, ownKeys }: RowReading, unused: Set<string>): void {
  if (keys === undefined) return;
  // This runs for every row and turn, and `Object.entries` would make an array each time.
  for (const key in row) {
    const value = row[key];
    const isRead = keys.includes(key);
    if (!isRead && !(ownKeys && commonKeys.includes(key))) unused.add(key);
    if (!isRead || turnKeys === undefined || !Array.isArray(value)) continue;
    for (const turn of value as unknown[]) {
      if (!isTurn(turn, turnKeys[0]!)) continue;
      // Parquet says null for what a turn does not have.
      for (const inner in turn)
        if (turn[inner] !== null && !turnKeys.includes(inner)) unused.add(`${key}[].${inner}`);
    }
  }
}

/** What a row in one of our formats says about itself. */
function factsOf(row: JsonObject, unused: Set<string>): RowFacts {
  const { task, document, meta } = row;
  const isTask = tasks.includes(String(task));
  if (task !== undefined && task !== null && !isTask) unused.add("task (values that are no task)");
  // A number can name a document as well.
  const named = typeof document === "number" ? String(document) : document;
  if (named !== undefined && named !== null && typeof named !== "string")
    unused.add("document (values that are no text)");
  const hasMeta = typeof meta === "object" && meta !== null && !Array.isArray(meta);
  if (meta !== undefined && meta !== null && !hasMeta) unused.add("meta (values that are no object)");
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
