import { openBytes } from "../../datasets/files/byte-stream.ts";
import { maxRowBytes } from "../../datasets/files/json-rows.ts";
import { splitLines } from "../../datasets/files/lines.ts";
import { DataError } from "../../errors.ts";

/**
 * Lines of a file with their numbers. Throws DataError where one becomes too long, before its end is looked
 * for: a line may be as long as the disk.
 */
export async function* shortLines(path: string): AsyncGenerator<{ line: number; bytes: Uint8Array }> {
  for await (const { line, bytes } of splitLines(guarded(path), maxRowBytes)) {
    if (bytes === null) throw tooLong(path, line);
    yield { line, bytes };
  }
}

async function* guarded(path: string): AsyncGenerator<Uint8Array> {
  let line = 1;
  let open = 0;
  for await (const chunk of openBytes(path).chunks) {
    const last = chunk.lastIndexOf(0x0a);
    open = last < 0 ? open + chunk.length : chunk.length - last - 1;
    if (open > maxRowBytes + 1) throw tooLong(path, line);
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) line++;
    yield chunk;
  }
}

function tooLong(path: string, line: number): DataError {
  return new DataError(`${path}:${line}: expected at most ${maxRowBytes} bytes in a line, got more`);
}
