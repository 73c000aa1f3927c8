import { DataError } from "../../errors.ts";

/** Byte order marks, longest first: the mark of UTF-32 begins with that of UTF-16. */
const marks = [
  { bytes: [0xff, 0xfe, 0, 0], encoding: "UTF-32" },
  { bytes: [0, 0, 0xfe, 0xff], encoding: "UTF-32" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
] as const;

type Decoder = InstanceType<typeof TextDecoder>;

/**
 * Bytes in UTF-8: as they are, or translated where a byte order mark says that they are UTF-16, which
 * PowerShell and Excel write. Without a mark nothing is guessed. Throws DataError for UTF-32, and for bytes
 * that are not UTF-16 although a mark says so.
 */
export async function* asUtf8(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: Decoder | undefined;
  let head: Uint8Array | undefined = new Uint8Array(0);
  try {
    for await (const chunk of chunks) {
      let bytes: Uint8Array = chunk;
      if (head !== undefined) {
        bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        head = bytes.length < 4 ? bytes : undefined;
        if (head !== undefined) continue;
        decoder = decoderOf(path, bytes);
      }
      yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
    }
    if (head !== undefined && head.length > 0) yield head;
    if (decoder !== undefined) yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError) || decoder === undefined) throw error;
    throw new DataError(
      `${path}: expected ${decoder.encoding} as its byte order mark says, got bytes that are none. ` +
        "Save it as UTF-8.",
    );
  }
}

function decoderOf(path: string, head: Uint8Array): Decoder | undefined {
  const encoding = marks.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte))?.encoding;
  if (encoding === "UTF-32")
    throw new DataError(
      `${path}: expected UTF-8, got UTF-32 (its byte order mark says so). Save it as UTF-8.`,
    );
  return encoding && new TextDecoder(encoding, { fatal: true });
}
