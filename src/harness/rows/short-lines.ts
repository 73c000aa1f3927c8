import { statSync } from "node:fs";
import { openBytes } from "../../datasets/files/byte-stream.ts";
import { maxRowBytes } from "../../datasets/files/json-rows.ts";
import { splitLines } from "../../datasets/files/lines.ts";
import { DataError } from "../../errors.ts";

/** Real texts are packed to a fifth or a tenth. */
const mostRatio = 50;
const leastBomb = 32 * 2 ** 20;

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
  let read = 0;
  const { size } = statSync(path);
  for await (const chunk of openBytes(path).chunks) {
    read += chunk.length;
    if (read > leastBomb && read > size * mostRatio)
      throw new DataError(
        `${path}: expected a file that is packed up to ${mostRatio} times, got one that holds far more than it says`,
      );
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
