import { DataError } from "../../../errors.ts";
import { integer, PyDict, PyFloat, type Value } from "../../../jinja/values/values.ts";
import type { Shape } from "../shape.ts";
import type { Table } from "../table.ts";
import { csvRecords } from "./csv-records.ts";

export interface CsvOptions {
  separator: string;
  /** Names of the columns; the first record is then a row, unless `hasHeader`. */
  names?: readonly string[];
  hasHeader: boolean;
}

/** What pandas takes for nothing. */
const missing = new Set(
  ",#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null".split(
    ",",
  ),
);
/** Blanks may stand around a number, none around an infinity. */
const int = /^[\t-\r ]*[-+]?\d+[\t-\r ]*$/;
const float = /^(?:[\t-\r ]*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?[\t-\r ]*|[-+]?inf(?:inity)?)$/i;
const truth = /^(?:true|false)$/i;

/** What all values of a column are, so far. */
interface Seen {
  int: boolean;
  float: boolean;
  bool: boolean;
  hasMissing: boolean;
  hasNegative: boolean;
  /** The largest integer has no place in 64 bits with a sign. */
  isBeyond: boolean;
  hasValue: boolean;
}

/**
 * A CSV file as pandas reads it: a column of numbers is numbers, of `true` and `false` bools, `NA` is None.
 */
export async function csvTable(paths: readonly string[], options: CsvOptions): Promise<Table> {
  const seen = new Map<string, Seen>();
  let total = 0;
  for (const path of paths) {
    for await (const [names, fields] of namedRecords(path, options)) {
      total++;
      for (const [i, name] of names.entries()) see(seen, name, fields[i] ?? "");
    }
  }
  const columns = new Map([...seen].map(([name, column]) => [name, shapeOf(column)]));
  return {
    columns,
    total,
    async *rows(limit, as) {
      let left = limit;
      for (const path of paths) {
        if (left <= 0) return;
        for await (const [names, fields] of namedRecords(path, options)) {
          const given = new Map(names.map((name, i) => [name, fields[i] ?? ""]));
          yield PyDict.of([...as].map(([name, shape]) => [name, cellOf(given.get(name) ?? "", shape)]));
          if (--left <= 0) return;
        }
      }
    },
  };
}

async function* namedRecords(path: string, options: CsvOptions): AsyncGenerator<[string[], string[]]> {
  let names: string[] | undefined = options.hasHeader ? undefined : [...(options.names ?? [])];
  let at = 0;
  for await (const fields of csvRecords(path, options.separator)) {
    if (fields.length === 1 && fields[0]!.trim() === "") continue;
    if (names === undefined) {
      names = options.names ? [...options.names] : unique(fields);
      continue;
    }
    if (names.length === 0) names = fields.map((_, i) => String(i));
    if (fields.length > names.length)
      throw new DataError(`${path}: row ${at}: expected ${names.length} columns, got ${fields.length}`);
    at++;
    yield [names, fields];
  }
}

/** A name that comes again gets a number, one that is empty its place. */
function unique(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((given, i) => {
    const name = given === "" ? `Unnamed: ${i}` : given;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}.${count}`;
  });
}

function see(columns: Map<string, Seen>, name: string, text: string): void {
  let column = columns.get(name);
  if (column === undefined) {
    const start = { int: true, float: true, bool: true };
    column = { ...start, hasMissing: false, hasNegative: false, isBeyond: false, hasValue: false };
    columns.set(name, column);
  }
  if (missing.has(text)) {
    column.hasMissing = true;
    return;
  }
  column.hasValue = true;
  const isInt = int.test(text);
  column.int &&= isInt;
  column.float &&= isInt || float.test(text);
  column.bool &&= truth.test(text);
  if (!isInt) return;
  const value = BigInt(text.trim().replace("+", ""));
  if (value < 0n) column.hasNegative = true;
  if (value >= 2n ** 63n) column.isBeyond = true;
  // Beyond 64 bits pandas keeps the text.
  if (value >= 2n ** 64n || value < -(2n ** 63n)) column.int = column.float = false;
}

function shapeOf(column: Seen): Shape {
  if (!column.hasValue) return { kind: "null" };
  if (column.bool) return { kind: "bool" };
  if (column.int && !column.hasMissing && !(column.isBeyond && column.hasNegative)) return { kind: "int" };
  if (column.float) return { kind: "float" };
  return { kind: "text", isDates: false };
}

function cellOf(text: string, { kind }: Shape): Value {
  if (missing.has(text) || kind === "null") return null;
  if (kind === "bool") return /^true$/i.test(text);
  if (kind === "int") return integer(BigInt(text.trim().replace("+", "")));
  if (kind === "float") return new PyFloat(floatOf(text.trim()));
  return text;
}

function floatOf(text: string): number {
  const infinity = /^([-+]?)inf/i.exec(text);
  return infinity ? (infinity[1] === "-" ? -1 : 1) * Number.POSITIVE_INFINITY : Number(text);
}
