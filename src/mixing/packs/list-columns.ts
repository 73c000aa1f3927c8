import type { DuckDBDataChunk } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";

/**
 * Sets a column of lists of 32-bit numbers by copying memory: through `@duckdb/node-api`, which sets one
 * number at a time, it takes as long as making the tokens. The chunk must be new and have as many rows.
 */
export function setListColumn(
  chunk: DuckDBDataChunk,
  column: number,
  rows: readonly (Int32Array | Float32Array)[],
): void {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  // Offset and length of each row's list.
  const entries = new BigUint64Array(2 * rows.length);
  let total = 0;
  for (const [i, { length }] of rows.entries()) {
    entries.set([BigInt(total), BigInt(length)], 2 * i);
    total += length;
  }
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const child = duckdb.list_vector_get_child(vector);
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of rows) {
    duckdb.copy_data_to_vector(child, at, buffer as ArrayBuffer, byteOffset, byteLength);
    at += byteLength;
  }
}
