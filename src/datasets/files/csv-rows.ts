import { DataError } from "../../errors.ts";
import { detail, type Reason } from "../reason.ts";
import { openBytes } from "./byte-stream.ts";
import type { OnTrailing } from "./compressed.ts";
import { decodeRow, type JsonObject, type JsonRow, maxRowBytes } from "./json-rows.ts";
import { splitLines } from "./lines.ts";

/**
 * Rows of a CSV or TSV file (RFC 4180, header in the first line; CRLF and a byte order mark are removed). A
 * header that has semicolons or tabs but no commas is separated by these: so spreadsheets write where the
 * comma is the decimal point. Every value is text: no types are guessed. A column without a name gets the
 * name that pandas gives it (`Unnamed: 0`), whose index is written like this. `place.row` is the line where
 * the row begins. Throws DataError for a header that names no columns, or one twice.
 */
export async function* readCsv(
  path: string,
  file: string,
  separator: Separator,
  onTrailing?: OnTrailing,
): AsyncGenerator<JsonRow> {
  const { chunks, readBytes } = openBytes(path, onTrailing);
  let header: string[] | null = null;
  let index = 0;
  for await (const record of records(chunks, separator)) {
    const row = { place: { file, row: record.line }, index, endByte: readBytes() };
    if (header === null) {
      header = headerOf(path, record);
      continue;
    }
    index++;
    if ("dropped" in record) yield { ...row, dropped: record.dropped };
    else if (record.fields.length === 1 && record.fields[0] === "")
      yield { ...row, dropped: { reason: "blank_line", detail: "" } };
    else if (record.fields.length !== header.length) {
      const found = `expected ${header.length} columns as the header has, got ${record.fields.length}`;
      yield { ...row, dropped: { reason: "column_count", detail: found } };
    } else {
      const { fields } = record;
      const value: JsonObject = Object.fromEntries(header.map((name, i) => [name, fields[i]]));
      yield { ...row, value };
    }
  }
}

type Separator = "," | ";" | "\t";

type CsvRecord = { line: number } & ({ fields: string[] } | { dropped: Reason });

function headerOf(path: string, record: CsvRecord): string[] {
  const where = `${path}: expected a header with the columns' names in line 1`;
  if ("dropped" in record) throw new DataError(`${where}, got ${record.dropped.reason}`);
  const given = record.fields.map((name) => name.trim());
  const names = given.map((name, i) => name || `Unnamed: ${i}`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (record.fields.some((name) => name.includes("\r")))
    throw new DataError(`${where}, got lines that end in CR alone. Write LF or CRLF.`);
  if (given.every((name) => name === "")) throw new DataError(`${where}, got a blank line`);
  if (twice !== undefined) throw new DataError(`${where}, got ${JSON.stringify(twice)} twice`);
  return names;
}

/** Records of the file: lines, joined where a quoted field goes on in the next line. */
async function* records(chunks: AsyncIterable<Uint8Array>, usual: Separator): AsyncGenerator<CsvRecord> {
  let separator = usual;
  let open: { line: number; parser: FieldParser; sizeBytes: number } | null = null;
  let last = 0;
  for await (const { line, bytes, sizeBytes } of splitLines(chunks, maxRowBytes)) {
    last = line;
    const begin: number = open?.line ?? line;
    const total: number = (open?.sizeBytes ?? 0) + sizeBytes + 1;
    if (bytes === null || total > maxRowBytes) {
      const found = `the row has more than ${maxRowBytes} bytes: is a quote not closed?`;
      yield { line: begin, dropped: { reason: "row_too_long", detail: found } };
      open = null;
      continue;
    }
    const text = decodeRow(bytes);
    if (typeof text !== "string") {
      yield { line: begin, ...text };
      open = null;
      continue;
    }
    if (line === 1) separator = separatorOf(text, usual);
    const parser: FieldParser = open?.parser ?? new FieldParser(separator);
    if (open) parser.breakLine();
    const problem = parser.feed(text);
    if (problem !== null) {
      yield { line: begin, dropped: { reason: "csv_quote", detail: detail(problem) } };
      open = null;
    } else if (parser.inQuotes) open = { line: begin, parser, sizeBytes: total };
    else {
      yield { line: begin, fields: parser.fields };
      open = null;
    }
  }
  if (open) {
    const found = `a quote opened in line ${open.line} is not closed by the end of the file, line ${last}`;
    yield { line: open.line, dropped: { reason: "csv_quote", detail: found } };
  }
}

function separatorOf(header: string, usual: Separator): Separator {
  if (header.includes(usual)) return usual;
  const others = ([",", ";", "\t"] as const).filter((other) => header.includes(other));
  return others.length === 1 ? others[0]! : usual;
}

/** Splits one record into fields, line by line. */
class FieldParser {
  readonly fields: string[] = [];
  inQuotes = false;
  readonly #separator: string;
  #text = "";

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The line ended inside a quoted field, so the line end belongs to the field. */
  breakLine(): void {
    this.#text += "\n";
  }

  /**
   * Takes a line; returns what is wrong with it, or null. A quote inside an unquoted field is text, as most
   * programs mean it.
   */
  feed(line: string): string | null {
    let at = 0;
    for (;;) {
      if (!this.inQuotes) {
        if (line[at] !== '"') {
          const end = line.indexOf(this.#separator, at);
          this.fields.push(line.slice(at, end < 0 ? line.length : end));
          if (end < 0) return null;
          at = end + 1;
          continue;
        }
        this.inQuotes = true;
        at++;
      }
      const end = line.indexOf('"', at);
      this.#text += line.slice(at, end < 0 ? line.length : end);
      if (end < 0) return null;
      at = end + 1;
      if (line[at] === '"') {
        this.#text += '"';
        at++;
        continue;
      }
      this.inQuotes = false;
      this.fields.push(this.#text);
      this.#text = "";
      if (at === line.length) return null;
      if (line[at] !== this.#separator)
        return (
          `expected ${JSON.stringify(this.#separator)} after a closing quote, got ` +
          `${line.slice(at, at + 40)}`
        );
      at++;
    }
  }
}
