import { type FileHandle, open } from "node:fs/promises";

export interface PlacedLine {
  text: string;
  offset: number;
  /** In bytes. */
  length: number;
}

const pieceBytes = 1 << 20;
const lineFeed = 10;

/**
 * The whole lines of a file from a byte on, a piece at a time: a file may be larger than the memory, and its
 * last line may still be being written. What follows the last of them is read again next time.
 */
export async function* linesFrom(path: string, from: number): AsyncGenerator<PlacedLine> {
  await using file = await open(path, "r");
  let rest = Buffer.alloc(0);
  let offset = from;
  for (;;) {
    const piece = Buffer.alloc(pieceBytes);
    const { bytesRead } = await file.read(piece, 0, pieceBytes, offset + rest.length);
    if (bytesRead === 0) return;
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed, start)) {
      yield { text: rest.toString("utf8", start, end), offset: offset + start, length: end - start };
      start = end + 1;
    }
    rest = rest.subarray(start);
    offset += start;
  }
}

export async function lineAt(path: string, offset: number, length: number): Promise<string> {
  await using file: FileHandle = await open(path, "r");
  const line = Buffer.alloc(length);
  const { bytesRead } = await file.read(line, 0, length, offset);
  return line.toString("utf8", 0, bytesRead);
}
