/** One element of an array as it stands in the file; `bytes` is null where it is longer than the limit. */
export interface JsonElement {
  bytes: Uint8Array | null;
  sizeBytes: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const blank = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** The head of `{"data": [{`: deeper than a row of JSON Lines is likely to hide its rows, and worth looking for. */
const maxHeadBytes = 64 * 1024;

/**
 * Elements of a JSON array, or of the array of objects under the key `data` of one object, or objects one after the
 * other that are spread over lines (what `jq` prints), without parsing the whole: only brackets, strings and commas are
 * followed, so an element that is no JSON spoils itself alone. Yields "lines" and ends where the file begins as none of
 * these: JSON Lines. Yields "cut" last for an array or object that does not end; an element that was not whole by then
 * is not yielded.
 * Throws SyntaxError for an array with something behind it.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
  maxElementBytes: number,
): AsyncGenerator<JsonElement | "lines" | "cut"> {
  let scanner = new ElementScanner(maxElementBytes);
  let head: Uint8Array | null = new Uint8Array(0);
  let rest: "nothing" | "object" = "nothing";
  for await (const chunk of chunks) {
    let bytes: Uint8Array = chunk;
    if (head !== null) {
      head = Buffer.concat([head, chunk]);
      const start = findArray(head);
      if (start === null && head.length < maxHeadBytes) continue;
      if (start !== null && start.at >= 0) {
        bytes = head.subarray(start.at);
        if (start.inObject) rest = "object";
      } else if (isSpreadOverLines(head)) {
        scanner = new ElementScanner(maxElementBytes, true);
        bytes = withoutMark(head);
      } else {
        yield "lines";
        return;
      }
      head = null;
    }
    yield* scanner.feed(bytes, rest);
  }
  if (head !== null) {
    if (!isSpreadOverLines(head)) {
      yield "lines";
      return;
    }
    scanner = new ElementScanner(maxElementBytes, true);
    yield* scanner.feed(withoutMark(head), rest);
  }
  yield* scanner.end();
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

/** Where the array's first element begins; `at` is -1 when there is no such array, the whole null when more bytes are needed. */
function findArray(head: Uint8Array): { at: number; inObject: boolean } | null {
  let at = head.length - withoutMark(head).length;
  const skip = () => {
    while (at < head.length && blank(head[at]!)) at++;
  };
  skip();
  if (at >= head.length) return null;
  if (head[at] === openList) return { at: at + 1, inObject: false };
  if (head[at] !== openObject) return { at: -1, inObject: false };
  at++;
  for (let depth = 1, key: string | null = null; at < head.length; ) {
    const byte = head[at]!;
    if (byte === quote) {
      const start = ++at;
      while (at < head.length && head[at] !== quote) at += head[at] === backslash ? 2 : 1;
      if (at >= head.length) return null;
      key = depth === 1 ? Buffer.from(head.subarray(start, at)).toString("utf8") : null;
      at++;
    } else if (byte === colon && key === "data" && depth === 1) {
      at++;
      skip();
      if (at >= head.length) return null;
      if (head[at] !== openList) key = null;
      else {
        const start = ++at;
        skip();
        if (at >= head.length) return null;
        // A list of texts under `data` is a row's own (UltraChat's form), not a list of rows.
        return { at: head[at] === openObject || head[at] === closeList ? start : -1, inObject: true };
      }
    } else {
      if (byte === openObject || byte === openList) depth++;
      if (byte === closeObject || byte === closeList) depth--;
      if (depth === 0) return { at: -1, inObject: false };
      if (byte === comma) key = null;
      at++;
    }
  }
  return null;
}

/** Whether an object begins here that goes on in the next line: with a key, or with its end. JSON Lines begins another. */
function isSpreadOverLines(head: Uint8Array): boolean {
  const [first = "", second = ""] = Buffer.from(withoutMark(head))
    .toString("utf8")
    .split("\n", 40)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return /^\{(\s*".*)?$/.test(first) && !isJson(first) && /^["}]/.test(second);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Cuts the bytes after "[" into elements, or those of objects one after the other, whatever chunks they come in. */
class ElementScanner {
  ended = false;
  readonly #maxBytes: number;
  readonly #isSequence: boolean;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #sizeBytes = 0;
  #parts: Uint8Array[] = [];
  #filled = false;

  constructor(maxBytes: number, isSequence = false) {
    this.#maxBytes = maxBytes;
    this.#isSequence = isSequence;
  }

  *feed(chunk: Uint8Array, behind: "nothing" | "object"): Generator<JsonElement> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.ended) {
        // Behind an array that is the whole file nothing may stand; behind `data` the object goes on.
        if (behind === "nothing" && !blank(byte)) throw new SyntaxError("something stands behind the array");
        start = at + 1;
      } else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) {
        this.#inString = true;
        this.#filled = true;
      } else if (byte === openObject || byte === openList) {
        this.#depth++;
        this.#filled = true;
      } else if (this.#isSequence && this.#depth === 1 && byte === closeObject) {
        this.#depth = 0;
        this.#add(chunk.subarray(start, at + 1));
        yield this.#take();
        this.#reset();
        start = at + 1;
      } else if (
        !this.#isSequence &&
        this.#depth === 0 &&
        (byte === comma || byte === closeList || byte === closeObject)
      ) {
        this.#add(chunk.subarray(start, at));
        // "[]" has no element, and a comma before the end is forgiven.
        if (this.#filled || byte === comma) yield this.#take();
        this.#reset();
        this.ended = byte !== comma;
        start = at + 1;
      } else if (byte === closeObject || byte === closeList) this.#depth--;
      else if (!blank(byte)) this.#filled = true;
    }
    if (!this.ended && start < chunk.length) this.#add(chunk.slice(start));
  }

  /** The element that the bytes end with, if all of it is there, and "cut" where something did not end. */
  *end(): Generator<JsonElement | "cut"> {
    if (this.ended) return;
    const isOpen = this.#depth > 0 || this.#inString;
    if (!isOpen && this.#filled) yield this.#take();
    if (isOpen || !this.#isSequence) yield "cut";
  }

  #add(part: Uint8Array): void {
    this.#sizeBytes += part.length;
    if (this.#sizeBytes <= this.#maxBytes) this.#parts.push(part);
    else this.#parts = [];
  }

  #take(): JsonElement {
    const bytes = this.#sizeBytes <= this.#maxBytes ? Buffer.concat(this.#parts) : null;
    return { bytes, sizeBytes: this.#sizeBytes };
  }

  #reset(): void {
    this.#parts = [];
    this.#sizeBytes = 0;
    this.#filled = false;
  }
}
