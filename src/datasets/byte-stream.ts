import { createReadStream, statSync } from "node:fs";
import { extname } from "node:path";
import { pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { DataError } from "../errors.ts";

/** A file's bytes as they are read, decompressed where its name says that it is compressed. */
export interface ByteStream {
  chunks: AsyncIterable<Uint8Array>;
  /** Bytes of the file itself read so far: progress, also where it is compressed. */
  readBytes(): number;
}

const compressions: readonly string[] = [".gz", ".zst"];
const readSize = { highWaterMark: 256 * 1024 };

/** The ending that says what a file holds, in small letters: `.jsonl` for `a.JSONL` and `a.jsonl.gz`. */
export function endingOf(name: string): string {
  const ending = extname(name).toLowerCase();
  return compressions.includes(ending) ? extname(name.slice(0, -ending.length)).toLowerCase() : ending;
}

/**
 * Opens `path`; `.gz` (RFC 1952) and `.zst` (RFC 8878) are decompressed on the way, a chunk in memory at a time.
 * Reading throws DataError for a file that cannot be read, is cut short or is no such archive.
 */
export function openBytes(path: string): ByteStream {
  const ending = extname(path).toLowerCase();
  let read = (): number => 0;
  const open = (start: number) => {
    const file = createReadStream(path, { ...readSize, start });
    read = () => start + file.bytesRead;
    return file;
  };
  const chunks =
    ending === ".zst"
      ? zstdChunks(path, open)
      : ending === ".gz"
        ? joined(open(0), zlib.createGunzip())
        : open(0);
  return { chunks: explained(path, chunks), readBytes: () => read() };
}

/** Node's decompressor ends with the first frame; a file may have several, which parallel compressors write. */
async function* zstdChunks(
  path: string,
  open: (start: number) => NodeJS.ReadableStream,
): AsyncGenerator<Uint8Array> {
  // Node has zstd since 22.15 and 23.8; zebratune runs on 20 as well.
  if (typeof zlib.createZstdDecompress !== "function") {
    throw new DataError(
      `${path}: expected a Node that can read zstd (22.15 or newer), got ${process.version}. Use a newer Node, or decompress the file first.`,
    );
  }
  let start = 0;
  do {
    const frame = zlib.createZstdDecompress();
    yield* joined(open(start), frame);
    start += frame.bytesWritten;
  } while (start < statSync(path).size);
}

function joined(from: NodeJS.ReadableStream, through: Transform): AsyncIterable<Uint8Array> {
  return pipeline(from, through, () => {}); // its errors reach the one who reads
}

async function* explained(path: string, from: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  try {
    for await (const chunk of from) {
      sizeBytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!/^(Z|ZSTD)_/.test(code))
      throw new DataError(`${path}: expected a file that can be read, got ${code || message}`);
    const cut = code === "Z_BUF_ERROR" || /unexpected end/i.test(message);
    const got = cut ? "one that is cut short" : `damaged bytes (${message})`;
    throw new DataError(
      `${path}: expected a whole ${extname(path)} file, got ${got} after ${sizeBytes} decompressed bytes. Fetch or make it anew.`,
    );
  }
}
