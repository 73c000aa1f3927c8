import { basename, extname, resolve } from "node:path";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import type { Draft, SourceItem } from "../draft.ts";
import { CutShortError, openBytes } from "../files/byte-stream.ts";
import { checksumOf, type LocalFile, listFiles } from "../files/local-files.ts";
import { detail, joinReasons, type Reason } from "../reason.ts";
import { detectFormat } from "../rows/detect-format.ts";
import { openFormat, type Parts } from "../rows/format.ts";
import { formatCatalog } from "../rows/formats/index.ts";
import { mappedRows } from "../rows/mapping/mapped-rows.ts";
import { formNamed, formsByRow } from "../rows/row-forms.ts";
import { contentId, longChars, rowItems } from "../rows/row-items.ts";
import type { DataSource } from "./source.ts";

const maxDocumentBytes = 256 * 2 ** 20;

/**
 * Local files as a source. `where` is the dataset's place in the recipe; `warn` is called for files and
 * columns that are not used. Throws DataError for a path that is missing, empty, not readable or of unclear
 * format, and ConfigError for options that the format does not have.
 */
export async function localSource(
  spec: DatasetSpec & { path: string },
  where: string,
  warn: (message: string) => void,
): Promise<DataSource> {
  const path = resolve(spec.path);
  const mapped = spec.fields === undefined ? undefined : mappedRows(spec.fields);
  // A mapping reads rows of any format, and any row format chooses the files with rows.
  const wanted = mapped ? "messages" : spec.format;
  const all = await listFiles(path, (link) =>
    warn(
      `${spec.name}: ${link} is a link to a folder and is not followed. Give the folder a dataset of ` +
        "its own.",
    ),
  );
  const { name, forms, files, passedOver } = await detectFormat(path, all, wanted);
  if (passedOver.length > 0) {
    const some = passedOver.slice(0, 5).map((file) => file.name);
    const count = passedOver.length;
    const which = count === 1 ? "1 file of another kind is" : `${count} files of other kinds are`;
    warn(`${spec.name}: ${which} not read (${some.join(", ")}${count > some.length ? " …" : ""})`);
  }
  const problems: string[] = [];
  const format = openFormat(mapped ?? formatCatalog[name], spec.options, `${where}.options`, problems);
  if (format === null) throw new ConfigError("data", problems);
  return {
    from: spec.path,
    title: `${spec.name}: ${files.length === 1 ? "a local file" : `${files.length} local files`}`,
    description: "",
    license: spec.license ?? "unknown",
    revision: await checksumOf(files),
    templated: false,
    format: mapped ? "fields" : forms ? [...forms.keys()].join(", ") : name,
    unit: "bytes",
    total: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    items: (progress) =>
      format.kind === "rows"
        ? rowItems(
            {
              name: spec.name,
              files,
              formOf: forms ? formsByRow(name) : () => formNamed(mapped ? "fields" : name, format),
              ownKeys: mapped === undefined,
              joinConsecutive: spec.join_consecutive ?? false,
              task: spec.task ?? "other",
              documents: spec.name,
            },
            progress,
            warn,
          )
        : documentItems(spec, format.parts, files, progress),
  };
}

/**
 * Each part of each file as a document, or with the reason why it is none; `progress` is called with bytes.
 */
async function* documentItems(
  spec: DatasetSpec,
  partsOf: Parts,
  files: readonly LocalFile[],
  progress: (done: number) => void,
): AsyncGenerator<SourceItem> {
  let done = 0;
  for (const [row, file] of files.entries()) {
    done += file.sizeBytes;
    progress(done);
    const place = { file: file.name, row: 0 };
    const read = await readText(file);
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
async function readText(file: LocalFile): Promise<{ text: string; changed?: Reason } | { dropped: Reason }> {
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
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
    return { text: text.replaceAll("\r\n", "\n"), ...(changed && { changed }) };
  } catch {
    return { dropped: { reason: "invalid_utf8", detail: "the file is not UTF-8" } };
  }
}
