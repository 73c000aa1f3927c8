import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type FileMetaData, parquetMetadataAsync } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";

const magic = Buffer.from("PAR1");

/**
 * Joins Parquet files of the same columns into one, their rows in order. Row groups are copied byte by byte
 * and only the footer is new (https://parquet.apache.org/docs/file-format), so nothing is compressed twice.
 * Throws Error for a file that is not Parquet, or has other columns than the first.
 */
export async function joinParquet(paths: readonly string[], path: string): Promise<void> {
  await using out = await open(path, "w");
  let offset = await append(out, magic);
  let joined: FileMetaData | undefined;
  for (const part of paths) {
    const { metadata, dataEnd } = await readFooter(part);
    moveBy(metadata, BigInt(offset - magic.length));
    if (joined === undefined) joined = metadata;
    else {
      if (columnsOf(metadata) !== columnsOf(joined))
        throw new Error(`${part}: expected the columns of ${paths[0]}, got others`);
      joined.row_groups.push(...metadata.row_groups);
      joined.num_rows += metadata.num_rows;
    }
    // A table without rows has nothing here.
    if (dataEnd === magic.length) continue;
    const range = { start: magic.length, end: dataEnd - 1, highWaterMark: 1 << 20 };
    for await (const chunk of createReadStream(part, range)) offset += await append(out, chunk as Buffer);
  }
  if (joined === undefined) throw new Error(`${path}: expected at least one Parquet file to join, got none`);
  const footer = new ByteWriter();
  writeMetadata(footer, joined);
  await append(out, footer.getBytes());
  await append(out, magic);
}

async function append(out: FileHandle, bytes: Uint8Array): Promise<number> {
  await out.writeFile(bytes);
  return bytes.length;
}

/** A file's metadata, and where its row groups end. */
async function readFooter(path: string): Promise<{ metadata: FileMetaData; dataEnd: number }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const metadata = await parquetMetadataAsync({
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  });
  return { metadata, dataEnd: size - metadata.metadata_length - 8 };
}

/** Moves every offset in the metadata by `bytes`. */
function moveBy({ row_groups }: FileMetaData, bytes: bigint): void {
  for (const group of row_groups) {
    move(group, "file_offset", bytes);
    for (const column of group.columns) {
      move(column, "file_offset", bytes);
      move(column, "offset_index_offset", bytes);
      move(column, "column_index_offset", bytes);
      if (!column.meta_data) continue;
      move(column.meta_data, "data_page_offset", bytes);
      move(column.meta_data, "index_page_offset", bytes);
      move(column.meta_data, "dictionary_page_offset", bytes);
      move(column.meta_data, "bloom_filter_offset", bytes);
    }
  }
}

/** Both 0 and undefined mean that there is no such offset. */
function move<K extends string>(of: { [key in K]?: bigint }, key: K, bytes: bigint): void {
  const at = of[key];
  if (at) of[key] = at + bytes;
}

function columnsOf({ schema }: FileMetaData): string {
  return JSON.stringify(schema);
}
