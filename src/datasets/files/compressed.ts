import { open as openFile } from "node:fs/promises";
import { pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";

/** Opens the file's bytes from `start` on. */
export type OpenAt = (start: number) => NodeJS.ReadableStream;

/** Called with the place of bytes that come after an archive and are not part of it. */
export type OnTrailing = (atByte: number) => void;

/** An archive ends in the middle of a stream. What came before could be read, but not checked. */
export class CutShort extends Error {}

/** A part of an archive was changed after it was written. */
export class Damaged extends Error {}

/** An extra field may have 64 KiB. */
const maxHeaderBytes = 128 * 1024;
const gzipMagic = [0x1f, 0x8b, 8];
const zstdMagics = [
  [0x28, 0xb5, 0x2f, 0xfd],
  // Skippable frames: 16 of them differ in their first four bits.
  ...Array.from({ length: 16 }, (_, i) => [0x50 + i, 0x2a, 0x4d, 0x18]),
];

/**
 * How a file is compressed, by its first bytes; undefined where it is not, or in a way that is not supported.
 */
export function compressionOf(head: Uint8Array): ".gz" | ".zst" | undefined {
  if (begins(head, gzipMagic)) return ".gz";
  return zstdMagics.some((magic) => begins(head, magic)) ? ".zst" : undefined;
}

function begins(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/**
 * The bytes in a `.gz` (RFC 1952): one or more members, each checked by its checksum, then perhaps padding of
 * zeros. Node's own gunzip fails at any other byte after the members and loses what it had read. Throws
 * CutShort, Damaged.
 */
export async function* gunzip(
  path: string,
  open: OpenAt,
  onTrailing: OnTrailing,
): AsyncGenerator<Uint8Array> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  for (let at = 0; at < size || at === 0; ) {
    const header = await readAt(file, at, maxHeaderBytes);
    if (at > 0 && !begins(header, gzipMagic)) {
      if (!(await isPadding(file, at, size))) onTrailing(at);
      return;
    }
    const start = at + headerBytes(header);
    const inflate = zlib.createInflateRaw();
    let [sum, sizeBytes] = [0, 0];
    for await (const chunk of joined(open(start), inflate)) {
      sum = zlib.crc32(chunk, sum);
      sizeBytes = (sizeBytes + chunk.length) % 2 ** 32;
      yield chunk;
    }
    const end = start + inflate.bytesWritten;
    const trailer = await readAt(file, end, 8);
    if (trailer.length < 8) throw new CutShort();
    if (trailer.readUInt32LE(0) !== sum) throw new Damaged("incorrect data check");
    if (trailer.readUInt32LE(4) !== sizeBytes) throw new Damaged("incorrect length check");
    at = end + 8;
  }
}

/** Length of a member's header in bytes (RFC 1952, 2.3). */
function headerBytes(header: Buffer): number {
  if (header.length < 10 && gzipMagic.every((byte, i) => i >= header.length || header[i] === byte))
    throw new CutShort();
  if (!begins(header, gzipMagic)) throw new Damaged("incorrect header check");
  const flags = header[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (at + 2 <= header.length ? header.readUInt16LE(at) : 0);
  // File name, then comment: each ends with a zero.
  for (const flag of [8, 16]) if (flags & flag) at = header.indexOf(0, at) + 1 || header.length + 1;
  if (flags & 2) at += 2;
  if (at > header.length) throw new CutShort();
  return at;
}

async function isPadding(file: Handle, from: number, size: number): Promise<boolean> {
  for (let at = from; at < size; at += 64 * 1024) {
    if ((await readAt(file, at, 64 * 1024)).some((byte) => byte !== 0)) return false;
  }
  return true;
}

/**
 * The bytes in a `.zst` (RFC 8878). A file may have several frames, which parallel compressors write, and
 * Node's decompressor stops after the first: so each frame gets its own. Throws CutShort, Damaged.
 */
export async function* unzstd(
  path: string,
  open: OpenAt,
  onTrailing: OnTrailing,
): AsyncGenerator<Uint8Array> {
  await using file = await openFile(path);
  const { size } = await file.stat();
  let at = 0;
  do {
    if (at > 0 && compressionOf(await readAt(file, at, 4)) !== ".zst") {
      onTrailing(at);
      return;
    }
    const frame = zlib.createZstdDecompress();
    yield* joined(open(at), frame);
    at += frame.bytesWritten;
  } while (at < size);
}

/** Decompressed bytes; zlib's errors become CutShort or Damaged. */
async function* joined(from: NodeJS.ReadableStream, through: Transform): AsyncGenerator<Uint8Array> {
  try {
    // Its errors reach the reader of the stream.
    yield* pipeline(from, through, () => {}) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!/^(Z|ZSTD)_/.test(code)) throw error;
    if (code === "Z_BUF_ERROR" || /unexpected end/i.test(message)) throw new CutShort();
    throw new Damaged(message);
  }
}

type Handle = Awaited<ReturnType<typeof openFile>>;

async function readAt(file: Handle, at: number, sizeBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(sizeBytes);
  const { bytesRead } = await file.read(buffer, 0, sizeBytes, at);
  return buffer.subarray(0, bytesRead);
}
