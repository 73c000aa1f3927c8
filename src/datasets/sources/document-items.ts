import { basename, extname } from "node:path";
import type { Task } from "../../contracts/example.ts";
import type { Draft, SourceItem } from "../draft.ts";
import { CutShortError, openBytes } from "../files/byte-stream.ts";
import type { Converted, ConvertedKind } from "../files/convert/converted.ts";
import { type Converter, createConverter } from "../files/convert/converter.ts";
import type { LocalFile } from "../files/local-files.ts";
import { detail, joinReasons, type Reason } from "../reason.ts";
import { textIds } from "../rows/document-id.ts";
import type { Parts } from "../rows/format.ts";
import { longChars } from "../rows/row-items.ts";

const maxDocumentBytes = 256 * 2 ** 20;
/** Files that are looked at to find out what they have in common, and bytes of them at most. */
const probeFiles = 200;
/** Of files that are converted, which takes longer. */
const probeConverted = 16;
const probeBytes = 64 * 2 ** 20;

/** Text files, how they are taken apart, and the task of their examples. */
export interface TextReading {
  files: readonly LocalFile[];
  partsOf: Parts;
  task: Task;
  convert?: ConvertedKind | undefined;
}

/** A function that tells the document of a file's text. Reads the first files. */
export function documentsOfTexts(
  files: readonly LocalFile[],
  convert?: ConvertedKind,
): ReturnType<typeof textIds> {
  return textIds(firstTexts(files, convert));
}

async function* firstTexts(files: readonly LocalFile[], convert?: ConvertedKind): AsyncGenerator<string> {
  await using converter = createConverter();
  let sizeBytes = 0;
  for (const file of files.slice(0, convert ? probeConverted : probeFiles)) {
    sizeBytes += file.sizeBytes;
    if (sizeBytes > probeBytes) return;
    const read = await readText(file, convert, converter);
    if ("text" in read) yield read.text;
  }
}

/**
 * Each part of each file as a document, or with the reason why it is none; `progress` is called with bytes.
 */
export async function* documentItems(
  { files, partsOf, task, convert }: TextReading,
  documentOf: (text: string) => string,
  progress: (done: number) => void,
): AsyncGenerator<SourceItem> {
  await using converter = createConverter();
  let done = 0;
  for (const [row, file] of files.entries()) {
    done += file.sizeBytes;
    progress(done);
    const place = { file: file.name, row: 0 };
    const read = await readText(file, convert, converter);
    if ("dropped" in read) {
      yield { place, id: file.name, dropped: read.dropped };
      continue;
    }
    const { text } = read;
    const parts = partsOf(text);
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
        task,
        messages: [{ role: "assistant", content: checked.text }],
        meta: {
          kind: "document",
          length: checked.text.length >= longChars ? "long" : "short",
          title: read.title || basename(file.name, extname(file.name)),
          ...part.meta,
        },
        document: documentOf(text),
        row,
        file: file.name,
      };
      const changed = joinReasons([read.changed, checked.changed].filter((change) => change !== undefined));
      yield { place: here, draft, ...(changed ? { changed } : {}) };
    }
    if (parts.length === 0) yield { place, id: file.name, dropped: { reason: "empty_document", detail: "" } };
  }
}

function cleanText(text: string) {
  if (!text.includes("\0")) return { text };
  const changed = { reason: "nul_character", detail: "NUL became U+FFFD" };
  return { text: text.replaceAll("\0", "\ufffd"), changed };
}

/** The file as text with "\n" line ends and no byte order mark, or why it cannot be used. */
async function readText(
  file: LocalFile,
  convert: ConvertedKind | undefined,
  converter: Converter,
): Promise<Converted> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  let changed: Reason | undefined;
  const onTrailing = (atByte: number) => {
    const found = `left out what stands behind the archive, from byte ${atByte} of the file on`;
    changed = { reason: "trailing_bytes", detail: found };
  };
  try {
    // Counted while reading: a small archive may contain a large text.
    for await (const chunk of openBytes(file.path, onTrailing).chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxDocumentBytes) {
        const found = `over ${maxDocumentBytes} bytes, the limit`;
        return { dropped: { reason: "document_too_long", detail: found } };
      }
      parts.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof CutShortError)) throw error;
    return { dropped: { reason: "cut_short", detail: detail(error.message.replace(`${file.path}: `, "")) } };
  }
  if (convert !== undefined) {
    const converted = await converter.convert(convert, Buffer.concat(parts));
    if ("dropped" in converted) return converted;
    const both = joinReasons([changed, converted.changed].filter((change) => change !== undefined));
    return { ...converted, ...(both && { changed: both }) };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
    return { text: text.replaceAll("\r\n", "\n"), ...(changed && { changed }) };
  } catch {
    return { dropped: { reason: "invalid_utf8", detail: "the file is not UTF-8" } };
  }
}
