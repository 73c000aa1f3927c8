import { resolve } from "node:path";
import type { Split } from "../../contracts/example.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import type { SourceItem } from "../draft.ts";
import type { ConvertedKind } from "../files/convert/converted.ts";
import { checksumOf, type LocalFile, listFiles } from "../files/local-files.ts";
import { detectFormat, filesOf } from "../rows/detect-format.ts";
import { type DocumentOf, documentIds } from "../rows/document-id.ts";
import { openFormat, type Parts, type RowFormat } from "../rows/format.ts";
import { formatCatalog } from "../rows/formats/index.ts";
import { mappedRows } from "../rows/mapping/mapped-rows.ts";
import { type FormOf, formNamed, formsByRow } from "../rows/row-forms.ts";
import { rowItems } from "../rows/row-items.ts";
import { documentItems, documentsOfTexts } from "./document-items.ts";
import { type FileSplits, fileSplits, type HeldSplit } from "./file-splits.ts";
import type { DataSource } from "./source.ts";

/**
 * Local files as a source. `where` is the dataset's place in the recipe; `warn` is called for files and
 * columns that are not used. Throws DataError for a path that is missing, empty, not readable or of unclear
 * format, and ConfigError for options that the format does not have. `beside` are the other datasets of the
 * recipe: files that one of the same path reads are not told as not read. `isTestSet`: nothing is told of
 * what is trained on.
 */
export async function localSource(
  spec: DatasetSpec & { path: string },
  where: string,
  warn: (message: string) => void,
  { beside = [], isTestSet = false }: { beside?: readonly DatasetSpec[]; isTestSet?: boolean } = {},
): Promise<DataSource> {
  const path = resolve(spec.path);
  const mapped = spec.fields === undefined ? undefined : mappedRows(spec.fields);
  const wanted = formatOf(spec);
  const all = await listFiles(path, (link) =>
    warn(
      `${spec.name}: ${link} is a link to a folder and is not followed. Give the folder a dataset of ` +
        "its own.",
    ),
  );
  const { name, forms, files, passedOver } = await detectFormat(path, all, wanted);
  const sharing = beside.filter((other) => other.path !== undefined && resolve(other.path) === path);
  const elsewhere = new Set(sharing.flatMap((other) => filesOf(all, formatOf(other))));
  const unread = passedOver.filter((file) => !elsewhere.has(file));
  if (unread.length > 0) {
    const some = unread.slice(0, 5).map((file) => file.name);
    const count = unread.length;
    const which = count === 1 ? "1 file of another kind is" : `${count} files of other kinds are`;
    // The same for all that share the path, so that it is told once.
    const who = sharing.length === 0 ? spec.name : spec.path;
    warn(`${who}: ${which} not read (${some.join(", ")}${count > some.length ? " …" : ""})`);
  }
  const problems: string[] = [];
  const format = openFormat(mapped ?? formatCatalog[name], spec.options, `${where}.options`, problems);
  if (format === null) throw new ConfigError("data", problems);
  const areDocuments = format.kind === "documents";
  const given = spec.split as Split | undefined;
  const held = await fileSplits({ path, files, areDocuments, ...(given && { given }) });
  const read =
    format.kind === "documents"
      ? textReader(format, spec, files)
      : rowReader(forms ? formsByRow(name) : oneForm(mapped ? "fields" : name, format), spec, files);
  return {
    from: spec.path,
    title: `${spec.name}: ${files.length === 1 ? "a local file" : `${files.length} local files`}`,
    description: held.size > 0 ? splitsTold(held, files.length) : "",
    license: spec.license ?? "unknown",
    revision: await checksumOf(files),
    templated: false,
    format: mapped ? "fields" : forms ? [...forms.keys()].join(", ") : name,
    unit: "bytes",
    total: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    async *items(progress) {
      const counts = new Map<HeldSplit, number>();
      for await (const item of read(files, progress, warn)) {
        const split = held.get(item.place.file);
        if (split === undefined || !("draft" in item)) {
          yield item;
          continue;
        }
        counts.set(split, (counts.get(split) ?? 0) + 1);
        yield { ...item, draft: { ...item.draft, split } };
      }
      if (given === undefined && !isTestSet)
        for (const message of heldTold(spec.name, held, counts)) warn(message);
    },
    held,
    ...(held.size > 0 && {
      async *heldOut() {
        // What there is to tell of its rows is told when all files are read.
        const quiet = (): void => {};
        const own = files.filter((file) => held.has(file.name));
        for await (const item of read(own, quiet, quiet)) {
          if ("draft" in item) yield { ...item, draft: { ...item.draft, split: held.get(item.place.file)! } };
        }
      },
    }),
  };
}

/** A mapping reads rows of any format, and any row format chooses the files with rows. */
function formatOf({ fields, format }: DatasetSpec): DatasetSpec["format"] {
  return fields === undefined ? format : "messages";
}

/** Reads some of a source's files. What is known of all of them is found out once. */
type Reader = (
  files: readonly LocalFile[],
  progress: (done: number) => void,
  warn: (message: string) => void,
) => AsyncGenerator<SourceItem>;

function oneForm(name: string, format: RowFormat): FormOf {
  const form = formNamed(name, format);
  return () => form;
}

function rowReader(
  formOf: FormOf,
  { name, task = "other", fields, join_consecutive: joinConsecutive = false }: DatasetSpec,
  all: readonly LocalFile[],
): Reader {
  let documentOf: Promise<DocumentOf> | undefined;
  const told: string[] = [];
  return async function* (files, progress, warn) {
    documentOf ??= documentIds({ name, files: all, formOf }, (message) => told.push(message));
    const reading = { name, files, formOf, ownKeys: fields === undefined, joinConsecutive, task };
    yield* rowItems({ ...reading, documentOf: await documentOf }, progress, warn);
    for (const message of told) warn(message);
  };
}

function textReader(
  { parts, convert }: { parts: Parts; convert?: ConvertedKind },
  { task = "other" }: DatasetSpec,
  all: readonly LocalFile[],
): Reader {
  let documentOf: ((text: string) => string) | undefined;
  return async function* (files, progress) {
    documentOf ??= await documentsOfTexts(all, convert);
    yield* documentItems({ files, partsOf: parts, task, convert }, documentOf, progress);
  };
}

function splitsTold(held: FileSplits, files: number): string {
  const count = held.size === 1 ? "1 is" : `${held.size} are`;
  return files === held.size ? "Held out as a whole." : `Of these, ${count} held out as a whole.`;
}

/** What became of the files that are held out by their names, with the counts of their rows. */
function heldTold(name: string, held: FileSplits, counts: ReadonlyMap<HeldSplit, number>): string[] {
  return (["validation", "test"] as const).flatMap((split) => {
    const files = [...held].filter(([, own]) => own === split).map(([file]) => file);
    if (files.length === 0) return [];
    const some = files.slice(0, 5).join(", ");
    return (
      `${name}: ${counts.get(split) ?? 0} rows of ${files.length} ${files.length === 1 ? "file" : "files"} ` +
      `named as ${split} data are in the ${split} split and not trained on (${some}` +
      `${files.length > 5 ? " …" : ""}). To split them by document as the others, set split: train here`
    );
  });
}
