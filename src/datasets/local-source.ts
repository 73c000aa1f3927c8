import { createHash } from "node:crypto";
import { basename, extname, resolve } from "node:path";
import type { DatasetSpec } from "../recipe/recipe.ts";
import { openBytes } from "./byte-stream.ts";
import { checkTurns } from "./conversation.ts";
import { sizeOf } from "./counts.ts";
import { detectFormat } from "./detect.ts";
import type { Draft } from "./entry.ts";
import type { Message, Task } from "./example.ts";
import type { DocumentFormat, RowFormat } from "./format.ts";
import { catalog } from "./formats/index.ts";
import type { JsonObject } from "./json-rows.ts";
import { checksumOf, type LocalFile, listFiles } from "./local-files.ts";
import { readRows } from "./row-files.ts";
import type { DataSource, SourceItem } from "./source.ts";

const tasks: readonly string[] = ["summarization", "qa", "writing", "other"] satisfies Task[];
/** Keys of a row that mean the same in every format. */
const commonKeys = ["id", "task", "document", "meta"];
const maxDocumentBytes = 256 * 2 ** 20;
const longChars = 5_000;

/**
 * Local files as a source. Throws DataError for a path that is missing, empty, not to be read or of unclear
 * format; `warn` hears of files and columns that are not used.
 */
export async function localSource(
  spec: DatasetSpec & { path: string },
  warn: (message: string) => void,
): Promise<DataSource> {
  const path = resolve(spec.path);
  const { name, files, passedOver } = await detectFormat(path, await listFiles(path), spec.format);
  if (passedOver.length > 0) {
    const some = passedOver.slice(0, 5).map((file) => file.name);
    warn(`${spec.name}: ${passedOver.length} files of other kinds are not read (${some.join(", ")} …)`);
  }
  const format: RowFormat | DocumentFormat = catalog[name];
  return {
    from: spec.path,
    title: `${spec.name}: ${files.length === 1 ? "a local file" : `${files.length} local files`}`,
    description: "",
    license: spec.license ?? "unknown",
    revision: await checksumOf(files),
    templated: false,
    format: name,
    unit: "bytes",
    total: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    items: (progress) =>
      format.kind === "rows"
        ? rowItems(spec, format, files, progress, warn)
        : documentItems(spec, format, files, progress),
  };
}

async function* rowItems(
  spec: DatasetSpec,
  format: RowFormat,
  files: readonly LocalFile[],
  progress: (done: number) => void,
  warn: (message: string) => void,
): AsyncGenerator<SourceItem> {
  const unused = new Set<string>();
  let before = 0;
  for (const file of files) {
    let rows = 0;
    for await (const row of readRows(file.path, file.name)) {
      rows++;
      progress(before + row.endByte);
      const place = row.place;
      const id = files.length === 1 ? String(place.row) : `${place.file}:${place.row}`;
      if ("dropped" in row) {
        yield { place, id, dropped: row.dropped };
        continue;
      }
      const turns = format.convert(row.value);
      const checked = "dropped" in turns ? turns : checkTurns(turns);
      if ("dropped" in checked) {
        yield { place, id, dropped: checked.dropped };
        continue;
      }
      for (const key of Object.keys(row.value)) {
        if (!format.keys.includes(key) && !commonKeys.includes(key)) unused.add(key);
      }
      const { messages, context, changed } = checked;
      const draft: Draft = {
        ...common(row.value, spec, messages, id, unused),
        messages,
        ...(context === undefined ? {} : { context }),
        document: documentOf(row.value, spec, messages, context),
        row: row.index,
        file: file.name,
      };
      yield { place, draft, ...(changed === undefined ? {} : { changed }) };
    }
    if (rows === 0) warn(`${spec.name}: ${file.name} has no rows`);
    before += file.sizeBytes;
  }
  if (unused.size > 0) warn(`${spec.name}: columns not used: ${[...unused].sort().slice(0, 20).join(", ")}`);
}

function common(
  row: JsonObject,
  spec: DatasetSpec,
  messages: Message[],
  id: string,
  unused: Set<string>,
): Pick<Draft, "id" | "task" | "meta"> {
  const own = typeof row.id === "string" || typeof row.id === "number" ? String(row.id) : "";
  if (row.task !== undefined && !tasks.includes(String(row.task)))
    unused.add("task (values that are no task)");
  const task = (tasks.includes(String(row.task)) ? row.task : (spec.task ?? "other")) as Task;
  const given =
    typeof row.meta === "object" && row.meta !== null && !Array.isArray(row.meta)
      ? (row.meta as JsonObject)
      : {};
  const scored = task === "qa" || task === "summarization";
  return {
    id: own === "" ? id : own.toWellFormed(),
    task,
    meta: {
      length: sizeOf({ messages }) >= longChars ? "long" : "short",
      ...(scored ? { answers: [messages.findLast((m) => m.role === "assistant")!.content] } : {}),
      ...given,
    },
  };
}

/**
 * What must not be in two splits: what the row calls its document; else the text that may be shortened (Alpaca's
 * input), so that all questions on one text stay together; else the first question.
 */
function documentOf(
  row: JsonObject,
  spec: DatasetSpec,
  messages: Message[],
  context: Draft["context"],
): string {
  if (typeof row.document === "string" && row.document !== "")
    return `${spec.name}/${row.document.toWellFormed()}`;
  const span = Array.isArray(context) ? context[0] : undefined;
  const shortened = span && messages[span.message]?.content.slice(span.start, span.end);
  return contentId(shortened || messages.find((m) => m.role === "user")!.content);
}

/** By content: the same text is the same document wherever it lies. */
function contentId(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

async function* documentItems(
  spec: DatasetSpec,
  format: DocumentFormat,
  files: readonly LocalFile[],
  progress: (done: number) => void,
): AsyncGenerator<SourceItem> {
  const sections = spec.options?.sections === true;
  let done = 0;
  for (const [row, file] of files.entries()) {
    done += file.sizeBytes;
    progress(done);
    const place = { file: file.name, row: 0 };
    const text = await readText(file);
    if (typeof text !== "string") {
      yield { place, id: file.name, dropped: text };
      continue;
    }
    const parts = format.parts(text, { sections });
    for (const [i, part] of parts.entries()) {
      const name = part.name === "" ? file.name : `${file.name}#${part.name}`;
      const here = { file: file.name, row: i };
      if (part.text.trim() === "") {
        yield { place: here, id: name, dropped: { reason: "empty_document", detail: "" } };
        continue;
      }
      const checked = cleanText(part.text);
      const draft: Draft = {
        id: name,
        task: spec.task ?? "other",
        messages: [{ role: "assistant", content: checked.text }],
        meta: {
          kind: "document",
          length: checked.text.length >= longChars ? "long" : "short",
          title: basename(file.name, extname(file.name)),
          ...part.meta,
        },
        document: contentId(text),
        row,
        file: file.name,
      };
      yield { place: here, draft, ...(checked.changed ? { changed: checked.changed } : {}) };
    }
    if (parts.length === 0) yield { place, id: file.name, dropped: { reason: "empty_document", detail: "" } };
  }
}

function cleanText(text: string) {
  if (!text.includes("\0")) return { text };
  const changed = { reason: "nul_character", detail: "NUL became U+FFFD" };
  return { text: text.replaceAll("\0", "\ufffd"), changed };
}

/** The file as text with "\n" line ends and no byte order mark, or why it is none. */
async function readText(file: LocalFile): Promise<string | { reason: string; detail: string }> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  // Counted as they come: a small archive can hold a large text.
  for await (const chunk of openBytes(file.path).chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxDocumentBytes)
      return { reason: "document_too_long", detail: `over ${maxDocumentBytes} bytes, the limit` };
    parts.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)).replaceAll("\r\n", "\n");
  } catch {
    return { reason: "invalid_utf8", detail: "the file is not UTF-8" };
  }
}
