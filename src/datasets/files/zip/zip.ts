import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { DataError } from "../../../errors.ts";

/** A file in a zip archive. */
export interface ZipEntry {
  name: string;
  sizeBytes: number;
  packedBytes: number;
  /** 0: as it is, 8: deflated. */
  method: number;
  /** Where its own header begins. */
  at: number;
}

/** An end record is at most so long: its comment has a length of two bytes. */
const mostEnd = 22 + 0xffff;
const mostDirectory = 64 * 2 ** 20;

/** The files of an archive, by its directory. Throws DataError for a damaged one. */
export async function zipEntries(path: string): Promise<ZipEntry[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await bytesAt(file, Math.max(0, size - mostEnd), Math.min(size, mostEnd));
    const end = tail.lastIndexOf("PK\x05\x06", undefined, "latin1");
    if (end < 0 || end + 22 > tail.length) throw damaged(path, "no directory at its end");
    const [count, length, start] = [
      tail.readUInt16LE(end + 10),
      tail.readUInt32LE(end + 12),
      tail.readUInt32LE(end + 16),
    ];
    if (count === 0xffff || start === 0xffffffff)
      throw damaged(path, "a directory of the large form (zip64), which is not read; unpack it");
    if (length > mostDirectory || start + length > size) throw damaged(path, "a directory outside the file");
    const directory = await bytesAt(file, start, length);
    const entries: ZipEntry[] = [];
    for (let at = 0, i = 0; i < count; i++) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
        throw damaged(path, `a directory that breaks off at file ${i}`);
      const nameBytes = directory.readUInt16LE(at + 28);
      entries.push({
        name: directory.toString("utf8", at + 46, at + 46 + nameBytes),
        method: directory.readUInt16LE(at + 10),
        packedBytes: directory.readUInt32LE(at + 20),
        sizeBytes: directory.readUInt32LE(at + 24),
        at: directory.readUInt32LE(at + 42),
      });
      at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await file.close();
  }
}

/**
 * Writes a file of an archive to `to`, a piece at a time. Throws DataError where it has another size than the
 * directory says: an archive may not grow without end.
 */
export async function unzipTo(path: string, entry: ZipEntry, to: string): Promise<void> {
  const { name, at, packedBytes, sizeBytes, method } = entry;
  if (method !== 0 && method !== 8)
    throw damaged(`${path}: ${name}`, `packing method ${method}, which is not read; unpack it`);
  const file = await open(path);
  let header: Buffer;
  try {
    header = await bytesAt(file, at, 30);
  } finally {
    await file.close();
  }
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50)
    throw damaged(`${path}: ${name}`, "no file where the directory says");
  const start = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let written = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      written += chunk.length;
      if (written > sizeBytes) done(damaged(`${path}: ${name}`, `more than its ${sizeBytes} bytes`));
      else done(null, chunk);
    },
  });
  const packed = packedBytes === 0 ? [] : createReadStream(path, { start, end: start + packedBytes - 1 });
  try {
    if (method === 0) await pipeline(packed, counted, createWriteStream(to));
    else await pipeline(packed, createInflateRaw(), counted, createWriteStream(to));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw damaged(`${path}: ${name}`, error instanceof Error ? error.message : String(error));
  }
  if (written !== sizeBytes) throw damaged(`${path}: ${name}`, `${written} of its ${sizeBytes} bytes`);
}

async function bytesAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}

function damaged(where: string, what: string): DataError {
  return new DataError(`${where}: expected a zip archive, got ${what}`);
}
