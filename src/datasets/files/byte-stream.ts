import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { extname } from "node:path";
import { DataError } from "../../errors.ts";
import { asUtf8 } from "./as-utf8.ts";
import { CutShort, compressionOf, Damaged, gunzip, type OnTrailing, unzstd } from "./compressed.ts";

/** A file's bytes as they are read, decompressed and in UTF-8. */
export interface ByteStream {
  chunks: AsyncIterable<Uint8Array>;
  /** How many bytes of the file itself, compressed or not, were read so far: for progress. */
  readBytes(): number;
}

/** A compressed file ends too early; some bytes before that could be read. */
export class CutShortError extends DataError {}

const compressions: readonly string[] = [".gz", ".zst"];
const readSize = { highWaterMark: 256 * 1024 };

/** Kinds of files that are not text, by their first bytes: read as lines they would make no sense. */
const otherKinds: readonly (readonly [magic: string, kind: string, todo: string])[] = [
  ["PAR1", "a Parquet file", "Give it the ending .parquet"],
  ["PK\x03\x04", "a zip archive", "Unpack it"],
  ["BZh", "a bzip2 archive", "Unpack it"],
  ["\xfd7zXZ\0", "an xz archive", "Unpack it"],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it"],
  ["ARROW1", "an Arrow file", "Save it as Parquet"],
];

/** The ending that says what a file contains, in lower case: `.jsonl` for `a.JSONL` and `a.jsonl.gz`. */
export function endingOf(name: string): string {
  const ending = extname(name).toLowerCase();
  return compressions.includes(ending) ? extname(name.slice(0, -ending.length)).toLowerCase() : ending;
}

/**
 * Opens `path`. A file that is gzip or zstd by its name or first bytes is decompressed as it is read, one
 * chunk in memory at a time. `onTrailing` is called for bytes after the archive that are not part of it.
 * Reading throws CutShortError for an archive that ends early, and DataError for a file that cannot be read,
 * is damaged or is not text.
 */
export function openBytes(path: string, onTrailing: OnTrailing = () => {}): ByteStream {
  let read = (): number => 0;
  const open = (start: number) => {
    const file = createReadStream(path, { ...readSize, start });
    read = () => start + file.bytesRead;
    return file;
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const head = headOf(path);
    const ending = extname(path).toLowerCase();
    const kind = compressions.includes(ending) ? ending : compressionOf(head);
    let sizeBytes = 0;
    try {
      const plain =
        kind === ".gz" ? gunzip(path, open, onTrailing) : kind ? unzstd(path, open, onTrailing) : open(0);
      for await (const chunk of asUtf8(path, plain as AsyncIterable<Uint8Array>)) {
        if (sizeBytes === 0) needText(path, chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw explained(path, kind, error, sizeBytes);
    }
  }
  return { chunks: chunks(), readBytes: () => read() };
}

function headOf(path: string): Uint8Array {
  const head = new Uint8Array(8);
  try {
    const file = openSync(path, "r");
    try {
      return head.subarray(0, readSync(file, head, 0, head.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw explained(path, undefined, error, 0);
  }
}

function needText(path: string, chunk: Uint8Array): void {
  const head = Buffer.from(chunk.subarray(0, 8)).toString("latin1");
  const other = otherKinds.find(([magic]) => head.startsWith(magic));
  if (other) throw new DataError(`${path}: expected text, got ${other[1]}. ${other[2]} first.`);
}

function explained(path: string, kind: string | undefined, error: unknown, sizeBytes: number): unknown {
  if (error instanceof DataError) return error;
  if (!(error instanceof CutShort || error instanceof Damaged)) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return new DataError(`${path}: expected a file that can be read, got ${code || message}`);
  }
  const isCut = error instanceof CutShort;
  const got = isCut ? "one that is cut short" : `damaged bytes (${error.message})`;
  const message =
    `${path}: expected a whole ${kind} file, got ${got} after ${sizeBytes} decompressed bytes. Fetch ` +
    "or make it anew.";
  return isCut && sizeBytes > 0 ? new CutShortError(message) : new DataError(message);
}
