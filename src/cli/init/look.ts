import { basename, extname } from "node:path";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { type LocalFile, listFiles } from "../../datasets/files/local-files.ts";
import { kindsOf } from "../../datasets/rows/detect-format.ts";
import type { FormatName } from "../../datasets/rows/formats/index.ts";
import { localSource } from "../../datasets/sources/local-source.ts";
import { DataError } from "../../errors.ts";

/** Files of one kind under a path, as a dataset of a recipe, and what the first of them hold. */
export interface Found {
  name: string;
  path: string;
  /** Of documents, where the folder has other kinds, too. Rows are told apart one by one. */
  format: FormatName | undefined;
  kind: "documents" | "rows";
  /** As the data stage names it: pdf, messages … */
  form: string;
  files: number;
  sizeBytes: number;
  /** Rows or documents that were looked at, and why some of them cannot be used. */
  kept: number;
  dropped: ReadonlyMap<string, number>;
  /** Whether those are all that there are. */
  isWhole: boolean;
  /** Ids of the documents that they are about, without repetition. */
  documents: ReadonlySet<string>;
  /** Of `kept`, those with a document: perplexity is measured on it. */
  withDocument: number;
  /** Characters of each, as far as they were looked at. */
  chars: readonly number[];
  /** The beginnings of some texts, to find out how many characters a token has. */
  sample: string;
}

/** Enough to know what is there; the data stage reads the rest. */
const most = { items: 2000, chars: 64 << 20, sampleChars: 200_000 };

/**
 * What is under paths, read as the data stage reads it. Throws DataError for a path with nothing that can be
 * read; `note` is told of what is passed over.
 */
export async function look(paths: readonly string[], note: (message: string) => void): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const files = await readableFiles(path, note);
    const kinds = kindsOf(files);
    const unread = files.filter((file) => ![...kinds.values()].flat().includes(file));
    if (unread.length > 0) note(`${path}: ${unreadTold(unread.map((file) => file.name))}`);
    for (const [kind, own] of kinds) {
      const format = kinds.size > 1 && kind !== "rows" ? (kind as FormatName) : undefined;
      if (kinds.size > 1 && kind === "rows") {
        for (const file of own) found.push(await lookAt(file.path, undefined, "rows", found, note));
      } else found.push(await lookAt(path, format, kind, found, note));
    }
  }
  return found;
}

/** The files under a path. Throws DataError where none can be read: not there, empty, of unknown kinds. */
export async function readableFiles(path: string, note = (_: string): void => {}): Promise<LocalFile[]> {
  const files = await listFiles(path);
  if (kindsOf(files).size > 0) return files;
  // Says which endings it would read.
  await localSource({ name: "data", path }, "data", note);
  throw new DataError(`${path}: expected files that can be read, got none`);
}

function unreadTold(names: readonly string[]): string {
  const some = names.slice(0, 5).join(", ");
  const count = names.length === 1 ? "1 file is" : `${names.length} files are`;
  return `${count} of no kind that can be read (${some}${names.length > 5 ? " …" : ""})`;
}

async function lookAt(
  path: string,
  format: FormatName | undefined,
  kind: string,
  before: readonly Found[],
  note: (message: string) => void,
): Promise<Found> {
  const name = nameFor(path, format, before);
  const spec: DatasetSpec & { path: string } = { name, path, ...(format && { format }) };
  const all = (await listFiles(path)).filter((file) => kindsOf([file]).has(kind));
  // Files of other kinds have datasets of their own, or are told when the recipe runs.
  const source = await localSource(
    spec,
    "data",
    (message) => !message.includes(" not read (") && note(message),
  );
  const documents = new Set<string>();
  const dropped = new Map<string, number>();
  const chars: number[] = [];
  let [seen, withDocument, allChars, sample] = [0, 0, 0, ""];
  let isWhole = true;
  for await (const item of source.items(() => {})) {
    seen++;
    if ("dropped" in item) dropped.set(item.dropped.reason, (dropped.get(item.dropped.reason) ?? 0) + 1);
    else {
      const { draft } = item;
      const length = draft.messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
      documents.add(draft.document);
      if (kind !== "rows" || (draft.context?.length ?? 0) > 0) withDocument++;
      chars.push(length);
      allChars += length;
      if (sample.length < most.sampleChars)
        sample += `${draft.messages.map(({ content }) => content?.slice(0, 8000)).join("\n")}\n`;
    }
    if (seen >= most.items || allChars >= most.chars) {
      isWhole = false;
      break;
    }
  }
  return {
    name,
    path,
    format,
    kind: kind === "rows" ? "rows" : "documents",
    form: source.format ?? kind,
    files: all.length,
    sizeBytes: all.reduce((sum, file) => sum + file.sizeBytes, 0),
    kept: chars.length,
    dropped,
    isWhole,
    documents,
    withDocument,
    chars,
    sample: sample.slice(0, most.sampleChars),
  };
}

/** A name for a dataset that no other has. */
function nameFor(path: string, format: FormatName | undefined, before: readonly Found[]): string {
  const base = basename(path, extname(path)).replace(/[^A-Za-z0-9._-]+/g, "-");
  const plain = base.replace(/^[^A-Za-z0-9]+|[-.]+$/g, "") || (format ?? "data");
  const wanted = format === undefined || plain === format ? plain : `${plain}-${format}`;
  const taken = (name: string) => before.some((one) => one.name === name);
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    if (!taken(name)) return name;
  }
}
