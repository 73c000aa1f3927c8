import {
  type DuckDBAppender,
  DuckDBDataChunk,
  DuckDBListType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from "@duckdb/node-api";
import duckdb, { type Vector } from "@duckdb/node-bindings";

/** A value of a row: an array for a LIST, and also for a STRUCT, with its entries in their order. */
export type TableCell = string | number | boolean | null | readonly TableCell[];
export type TableRow = readonly TableCell[];

/** A column of rows as a few flat arrays, which reach another thread much faster than the rows. */
type Column =
  | { kind: "text"; values: readonly (string | null)[] }
  /** Few different texts, and which of them each row has: a role, a task, a licence. */
  | { kind: "few"; texts: readonly (string | null)[]; which: Uint8Array<ArrayBuffer> }
  | { kind: "number"; values: readonly (number | null)[] }
  | { kind: "flag"; values: readonly (boolean | null)[] }
  /** A length is null where there is no list; `items` are the items of all lists. */
  | { kind: "list"; lengths: readonly (number | null)[]; items: Column }
  | { kind: "struct"; isThere: readonly (true | null)[]; entries: readonly Column[] };

export interface ColumnBatch {
  rows: number;
  columns: readonly Column[];
}

/** Rows that DuckDB takes at once. */
export const maxBatchRows = 2_048;
/** At most this many different texts count as few. */
const few = 16;
/** 32-bit words in DuckDB's `string_t`: a length, then the text itself or where it is. */
const textWords = 4;

export function columnBatchOf(types: readonly DuckDBType[], rows: readonly TableRow[]): ColumnBatch {
  const columns = types.map((type, i) =>
    columnOf(
      type,
      rows.map((row) => row[i]!),
    ),
  );
  return { rows: rows.length, columns };
}

function columnOf(type: DuckDBType, cells: readonly TableCell[]): Column {
  if (type instanceof DuckDBListType) {
    const lists = cells as readonly (readonly TableCell[] | null)[];
    const items: TableCell[] = [];
    for (const list of lists) if (list !== null) for (const item of list) items.push(item);
    const lengths = lists.map((list) => list?.length ?? null);
    return { kind: "list", lengths, items: columnOf(type.valueType, items) };
  }
  if (type instanceof DuckDBStructType) {
    const structs = cells as readonly (readonly TableCell[] | null)[];
    const entries = type.entryTypes.map((entry, i) =>
      columnOf(
        entry,
        structs.map((struct) => struct && struct[i]!),
      ),
    );
    return { kind: "struct", isThere: structs.map((struct) => (struct === null ? null : true)), entries };
  }
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return textColumn(cells as readonly (string | null)[]);
    case DuckDBTypeId.INTEGER:
      return { kind: "number", values: cells as readonly (number | null)[] };
    case DuckDBTypeId.BOOLEAN:
      return { kind: "flag", values: cells as readonly (boolean | null)[] };
    default:
      throw new TypeError(`table: expected a column of texts, numbers, flags, lists or structs, got ${type}`);
  }
}

function textColumn(values: readonly (string | null)[]): Column {
  const numbers = new Map<string | null, number>();
  const which = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let number = numbers.get(values[i]!);
    if (number === undefined) {
      if (numbers.size === few) return { kind: "text", values };
      number = numbers.size;
      numbers.set(values[i]!, number);
    }
    which[i] = number;
  }
  return { kind: "few", texts: [...numbers.keys()], which };
}

/**
 * Appends at most `maxBatchRows` rows. Memory is copied as a whole where it can be; `@duckdb/node-api` would
 * set one value at a time.
 */
export function appendBatch(appender: DuckDBAppender, { rows, columns }: ColumnBatch): void {
  const types = columns.map((_, i) => appender.columnType(i));
  const chunk = DuckDBDataChunk.create(types, rows);
  for (const [i, column] of columns.entries()) fill(duckdb.data_chunk_get_vector(chunk.chunk, i), column);
  appender.appendDataChunk(chunk);
}

function fill(vector: Vector, column: Column): void {
  switch (column.kind) {
    case "text": {
      const { values } = column;
      for (let i = 0; i < values.length; i++) {
        const text = values[i]!;
        if (text !== null) duckdb.vector_assign_string_element(vector, i, text);
      }
      setNulls(vector, values);
      break;
    }
    case "few": {
      const { texts, which } = column;
      // DuckDB makes each text's `string_t` once, in the first rows; then these are copied to all rows.
      for (const [i, text] of texts.entries())
        if (text !== null) duckdb.vector_assign_string_element(vector, i, text);
      const once = new Int32Array(
        duckdb.vector_get_data(vector, 4 * textWords * texts.length).slice().buffer,
      );
      const all = new Int32Array(textWords * which.length);
      for (let i = 0; i < all.length; i++) all[i] = once[textWords * which[i >> 2]! + (i & 3)]!;
      const none = texts.indexOf(null);
      copy(vector, all, none < 0 ? [] : Array.from(which, (number) => (number === none ? null : true)));
      break;
    }
    case "number": {
      const numbers = Int32Array.from(column.values, (value) => value ?? 0);
      const wrong = column.values.findIndex((value, i) => value !== null && value !== numbers[i]);
      if (wrong >= 0)
        throw new RangeError(`table: expected an integer of 32 bits, got ${column.values[wrong]}`);
      copy(vector, numbers, column.values);
      break;
    }
    case "flag":
      copy(vector, Uint8Array.from(column.values, Number), column.values);
      break;
    case "list": {
      // Offset and length of each.
      const places = new BigUint64Array(2 * column.lengths.length);
      let total = 0;
      for (const [i, length] of column.lengths.entries()) {
        places[2 * i] = BigInt(total);
        places[2 * i + 1] = BigInt(length ?? 0);
        total += length ?? 0;
      }
      duckdb.list_vector_reserve(vector, total);
      duckdb.list_vector_set_size(vector, total);
      fill(duckdb.list_vector_get_child(vector), column.items);
      copy(vector, places, column.lengths);
      break;
    }
    case "struct":
      for (const [i, entry] of column.entries.entries())
        fill(duckdb.struct_vector_get_child(vector, i), entry);
      setNulls(vector, column.isThere);
      break;
  }
}

function copy(
  vector: Vector,
  { buffer, byteLength }: Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>,
  values: readonly unknown[],
): void {
  duckdb.copy_data_to_vector(vector, 0, buffer, 0, byteLength);
  setNulls(vector, values);
}

/**
 * Marks the nulls: a vector has a bit for each value that is there, 64 to a word. Without the bits all are
 * there.
 */
function setNulls(vector: Vector, values: readonly unknown[]): void {
  if (!values.includes(null)) return;
  const bits = new Uint8Array(8 * Math.ceil(values.length / 64));
  for (let i = 0; i < values.length; i++) if (values[i] !== null) bits[i >> 3]! |= 1 << (i & 7);
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}
