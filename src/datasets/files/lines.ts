/** One line of a file, without its end mark; `bytes` is null where the line is longer than the limit. */
export interface Line {
  /** 1-based. */
  line: number;
  bytes: Uint8Array | null;
  sizeBytes: number;
  /** Bytes of the file up to the end of this line. */
  endByte: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/**
 * Splits bytes at "\n", and removes a "\r" before it and a byte order mark at the very start. A last line may
 * lack its end mark. Holds one line in memory, and nothing of a line over `maxLineBytes`.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let sizeBytes = 0;
  let line = 0;
  let endByte = 0;

  const add = (part: Uint8Array) => {
    sizeBytes += part.length;
    if (sizeBytes <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    line++;
    const bytes = sizeBytes <= maxLineBytes ? trim(concat(parts), line === 1) : null;
    const taken = { line, bytes, sizeBytes, endByte };
    parts = [];
    sizeBytes = 0;
    return taken;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, at));
      endByte += at + 1 - start;
      yield take();
      start = at + 1;
    }
    if (start < chunk.length) add(chunk.slice(start));
    endByte += chunk.length - start;
  }
  if (sizeBytes > 0) yield take();
}

function trim(bytes: Uint8Array, first: boolean): Uint8Array {
  const start = first && byteOrderMark.every((byte, i) => bytes[i] === byte) ? 3 : 0;
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, Math.max(start, end));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
