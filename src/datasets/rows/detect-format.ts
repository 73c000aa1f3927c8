import { DataError } from "../../errors.ts";
import { isAboutData } from "../files/about-data.ts";
import { endingOf } from "../files/byte-stream.ts";
import type { LocalFile } from "../files/local-files.ts";
import { readRows, rowEndings } from "../files/read-rows.ts";
import { counted } from "../reason.ts";
import type { DocumentFormat, RowFormat } from "./format.ts";
import { type FormatName, formatCatalog } from "./formats/index.ts";

/** Rows that are looked at to find out a file's format. */
const probeRows = 200;

export interface Detected {
  name: FormatName;
  /** Of rows whose format is not given: how many of those that were looked at have which form. */
  forms?: ReadonlyMap<FormatName, number>;
  files: LocalFile[];
  /** Files of other kinds, which are not read. */
  passedOver: LocalFile[];
}

const formats = Object.entries(formatCatalog) as [FormatName, RowFormat | DocumentFormat][];
const rowFormats = formats.filter((entry): entry is [FormatName, RowFormat] => entry[1].kind === "rows");

/**
 * Which files of a source are read, and in which format. A given format chooses the files with its endings,
 * or a single file whatever its ending. Without one, endings decide, and rows are each read by their own
 * form. Throws a DataError that says what was found when this is unclear.
 */
export async function detectFormat(path: string, files: LocalFile[], given?: FormatName): Promise<Detected> {
  if (given !== undefined) {
    const chosen = filesOf(files, given);
    if (chosen.length > 0)
      return { name: given, files: chosen, passedOver: files.filter((f) => !chosen.includes(f)) };
    throw new DataError(
      `${path}: expected files ending in ${endingsOf(given).join(", ")}, got ${endingsIn(files)}`,
    );
  }
  const kinds = kindsOf(files);
  const [only, second] = kinds;
  if (only === undefined || second !== undefined) {
    throw new DataError(`${path}: ${unclear(files, [...kinds.keys()])}`);
  }
  const [kind, chosen] = only;
  const passedOver = files.filter((file) => !chosen.includes(file));
  if (kind !== "rows") return { name: kind as FormatName, files: chosen, passedOver };
  const forms = await probe(path, chosen);
  const [name] = [...forms].reduce((most, form) => (form[1] > most[1] ? form : most));
  return { name, forms, files: chosen, passedOver };
}

/** The files that may be read by what their endings say: "rows", or a format of documents. */
export function kindsOf(files: readonly LocalFile[]): Map<string, LocalFile[]> {
  const kinds = new Map<string, LocalFile[]>();
  // A folder of rows, such as a clone of a dataset's repository, also has files that describe it. In a folder
  // of texts, such files are texts as well.
  const hasRows = files.some((file) => kindOf(file) === "rows" && !isAboutData(file.name));
  for (const file of hasRows ? files.filter(({ name }) => !isAboutData(name)) : files) {
    const kind = kindOf(file);
    if (kind !== undefined) kinds.set(kind, [...(kinds.get(kind) ?? []), file]);
  }
  return kinds;
}

/** Of a source's files, those that a dataset with this format reads; without one, of the only kind there. */
export function filesOf(files: readonly LocalFile[], given: FormatName | undefined): LocalFile[] {
  if (given !== undefined)
    return files.length === 1 ? [...files] : files.filter((file) => isWanted(file, given));
  const kinds = kindsOf(files);
  return kinds.size === 1 ? [...kinds.values()].flat() : [];
}

function ending(file: LocalFile): string {
  return endingOf(file.name);
}

function endingsOf(name: FormatName): readonly string[] {
  const format: RowFormat | DocumentFormat = formatCatalog[name];
  return format.kind === "rows" ? rowEndings : format.endings;
}

function isWanted(file: LocalFile, name: FormatName): boolean {
  const isRows = formatCatalog[name].kind === "rows";
  return endingsOf(name).includes(ending(file)) && !(isRows && isAboutData(file.name));
}

function kindOf(file: LocalFile): string | undefined {
  if (rowEndings.includes(ending(file))) return "rows";
  return formats.find(
    ([, format]) => format.kind === "documents" && format.endings.includes(ending(file)),
  )?.[0];
}

/** What to do about files of no known kind, or of several. */
function unclear(files: readonly LocalFile[], kinds: readonly string[]): string {
  const got = endingsIn(files);
  if (kinds.length === 0) {
    const texts = formats.flatMap(([, format]) => (format.kind === "documents" ? format.endings : []));
    return (
      `expected rows (${rowEndings.join(", ")}) or documents (${texts.join(", ")}), got ${got}. Save them as ` +
      "one of these (.docx and the like as .html, .pdf or .txt); for text under another ending, name its " +
      "format in the recipe"
    );
  }
  const written = kinds.map((kind) =>
    kind === "rows" ? "format: messages (or another)" : `format: ${kind}`,
  );
  return (
    `expected files of one kind, got ${got}. Give each kind an entry of its own under data.datasets, with ` +
    `this path, a name and ${written.join(", ")}; zebra init writes that`
  );
}

function endingsIn(files: readonly LocalFile[]): string {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(ending(file), (counts.get(ending(file)) ?? 0) + 1);
  return [...counts].map(([name, n]) => `${n} ${name || "without ending"}`).join(", ");
}

/** The forms of the first rows; at least one row has one. */
async function probe(path: string, files: readonly LocalFile[]): Promise<Map<FormatName, number>> {
  const votes = new Map<FormatName, number>();
  const keys = new Set<string>();
  let rows = 0;
  let dropped = 0;
  let firstDropped: string | undefined;
  for (const file of files) {
    for await (const row of readRows(file.path, file.name)) {
      if ("dropped" in row) {
        dropped++;
        const { place, dropped: problem } = row;
        const found = problem.detail === "" ? "" : ` (${problem.detail})`;
        firstDropped ??= `${place.file}:${place.row}: ${problem.reason}${found}`;
      }
      if ("value" in row) {
        rows++;
        for (const key of Object.keys(row.value)) keys.add(key);
        const name = rowFormats.find(([, format]) => format.fits(row.value))?.[0];
        if (name !== undefined) votes.set(name, (votes.get(name) ?? 0) + 1);
      }
      if (rows >= probeRows || row.index >= probeRows * 10) break;
    }
    if (rows >= probeRows) break;
  }
  if (votes.size > 0) return votes;
  if (rows + dropped === 0)
    throw new DataError(
      `${path}: expected rows, got ${files.length === 1 ? "an empty file" : "empty files"} or a header alone`,
    );
  if (rows === 0) {
    throw new DataError(
      `${path}: expected rows, got none that can be read in ${dropped}; first: ${firstDropped}. Is ` +
        "the file of another kind than its ending says?",
    );
  }
  const names = rowFormats.map(([name]) => name).join(", ");
  throw new DataError(
    `${path}: expected rows of a known form (${names}), got none in ${counted(rows, "row")} with the keys ` +
      `${[...keys].slice(0, 20).join(", ") || "(none)"}. Say with fields where the parts are.`,
  );
}
