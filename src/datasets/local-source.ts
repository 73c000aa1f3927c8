import { basename, extname, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import type { DatasetSpec } from "../recipe/recipe.ts";
import { openBytes } from "./byte-stream.ts";
import { detectFormat } from "./detect.ts";
import type { Draft } from "./entry.ts";
import type { DocumentFormat, RowFormat } from "./format.ts";
import { formatOptions } from "./format-options.ts";
import { catalog } from "./formats/index.ts";
import { checksumOf, type LocalFile, listFiles } from "./local-files.ts";
import { mappedRows } from "./mapped-rows.ts";
import { contentId, longChars, rowItems } from "./row-items.ts";
import type { DataSource, SourceItem } from "./source.ts";

const maxDocumentBytes = 256 * 2 ** 20;

/**
 * Local files as a source. Throws DataError for a path that is missing, empty, not to be read or of unclear
 * format, and ConfigError for options that the format does not have; `warn` hears of files and columns that are
 * not used. `where`: of the dataset in the recipe.
 */
export async function localSource(
  spec: DatasetSpec & { path: string },
  where: string,
  warn: (message: string) => void,
): Promise<DataSource> {
  const path = resolve(spec.path);
  const mapped = spec.fields === undefined ? undefined : mappedRows(spec.fields);
  // Which row format it is does not matter to a mapping: any of them chooses the files with rows.
  const wanted = mapped ? "messages" : spec.format;
  const { name, files, passedOver } = await detectFormat(path, await listFiles(path), wanted);
  if (passedOver.length > 0) {
    const some = passedOver.slice(0, 5).map((file) => file.name);
    warn(`${spec.name}: ${passedOver.length} files of other kinds are not read (${some.join(", ")} …)`);
  }
  const problems: string[] = [];
  const options = formatOptions(mapped ? "fields" : name, spec.options, where, problems);
  if (problems.length > 0) throw new ConfigError("data", problems);
  const format: RowFormat | DocumentFormat = mapped ?? catalog[name];
  return {
    from: spec.path,
    title: `${spec.name}: ${files.length === 1 ? "a local file" : `${files.length} local files`}`,
    description: "",
    license: spec.license ?? "unknown",
    revision: await checksumOf(files),
    templated: false,
    format: mapped ? "fields" : name,
    unit: "bytes",
    total: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    items: (progress) =>
      format.kind === "rows"
        ? rowItems(
            {
              name: spec.name,
              files,
              convert: (row) => format.convert(row),
              keys: format.keys,
              ...(format.turnKeys && { turnKeys: format.turnKeys }),
              ownKeys: mapped === undefined,
              task: spec.task ?? "other",
              documents: spec.name,
            },
            progress,
            warn,
          )
        : documentItems(spec, format, options, files, progress),
  };
}

async function* documentItems(
  spec: DatasetSpec,
  format: DocumentFormat,
  options: Readonly<Record<string, unknown>>,
  files: readonly LocalFile[],
  progress: (done: number) => void,
): AsyncGenerator<SourceItem> {
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
    const parts = format.parts(text, options);
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
