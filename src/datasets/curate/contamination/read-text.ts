import { DataError } from "../../../errors.ts";
import { openBytes } from "../../files/byte-stream.ts";

const maxBytes = 256 * 2 ** 20;

/** A whole text file, decompressed. Throws DataError where it is too long or not UTF-8. */
export async function readText(path: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const onTrailing = (atByte: number) => {
    throw new DataError(`${path}: expected nothing behind the archive, got more from byte ${atByte} on`);
  };
  for await (const chunk of openBytes(path, onTrailing).chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes)
      throw new DataError(`${path}: expected at most ${maxBytes} bytes of text, got more`);
    parts.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new DataError(`${path}: expected a text in UTF-8, got other bytes`);
  }
}
