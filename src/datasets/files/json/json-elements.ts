import { parseJson } from "./parse-json.ts";

/**
 * One element of an array, as it is written in the file; `bytes` is null where it is longer than the limit.
 */
export interface JsonElement {
  bytes: Uint8Array | null;
  sizeBytes: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const newline = 0x0a;
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const blank = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/**
 * How far into the file the array under `data` may begin: more than enough for what such files have before
 * it.
 */
const maxHeadBytes = 64 * 1024;

/** What is reported besides elements: how the file is to be read, or how it ends. */
export type JsonSign = "lines" | "cut" | "behind";

/**
 * Elements of a JSON array, or of the array of objects under the key `data` of one object, or objects one
 * after another that are spread over lines (what `jq` prints). The whole is not parsed: only brackets,
 * strings and commas are followed, so an element that is not JSON spoils nothing but itself. Any other file
 * is JSON Lines: for that "lines" is yielded, and no more. `isLines`: the file's name says that it is JSON
 * Lines, and only what cannot be is read as something else. At the end yields "cut" for an array or object
 * that does not end (its last, incomplete element is not yielded), and "behind" where something follows it.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
  maxElementBytes: number,
  isLines = false,
): AsyncGenerator<JsonElement | JsonSign> {
  let scanner: ElementScanner | undefined;
  for await (const chunk of withHead(chunks, maxHeadBytes)) {
    let bytes = chunk;
    if (scanner === undefined) {
      const shape = shapeOf(chunk, isLines);
      if (shape === "lines") {
        yield "lines";
        return;
      }
      scanner = new ElementScanner(maxElementBytes, shape);
      bytes = chunk.subarray(shape.at);
    }
    yield* scanner.feed(bytes);
  }
  if (scanner === undefined) yield "lines";
  else yield* scanner.end();
}

/**
 * The same bytes with a first chunk of at least `leastBytes`, or all there are, also where reading then
 * fails.
 */
async function* withHead(chunks: AsyncIterable<Uint8Array>, leastBytes: number): AsyncGenerator<Uint8Array> {
  let head: Uint8Array[] | undefined = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      if (head === undefined) yield chunk;
      else {
        head.push(chunk);
        if (sizeBytes < leastBytes) continue;
        const joined: Uint8Array = Buffer.concat(head);
        head = undefined;
        yield joined;
      }
    }
  } catch (error) {
    if (head !== undefined && head.length > 0) yield Buffer.concat(head);
    throw error;
  }
  if (head !== undefined && head.length > 0) yield Buffer.concat(head);
}

/** Where the elements begin, and what contains them. */
interface ElementsShape {
  at: number;
  in: "array" | "array in object" | "sequence";
}

function shapeOf(head: Uint8Array, isLines: boolean): ElementsShape | "lines" {
  const skip = (from: number): number => {
    let at = from;
    while (at < head.length && blank(head[at]!)) at++;
    return at;
  };
  const begin = skip(head.length - withoutMark(head).length);
  const isWhole = head.length < maxHeadBytes;
  const end = head.indexOf(newline, begin);
  const lineEnd = end >= 0 ? end : isWhole ? head.length : -1;
  const isLine = lineEnd >= 0 && isJson(Buffer.from(head.subarray(begin, lineEnd)).toString("utf8"));
  const next = isLine ? head[skip(lineEnd)] : undefined;
  const mayFollow = isLine && (next === openObject || next === openList);
  if (head[begin] === openList) {
    // A list of anything but objects is a bad row of JSON Lines.
    const inner = head[skip(begin + 1)];
    const isOfRows = !isLines || inner === openObject || (inner === closeList && !isLine);
    return !mayFollow && isOfRows ? { at: begin + 1, in: "array" } : "lines";
  }
  // A list of objects under `data` may be a column of JSON Lines: then more lines follow.
  const mayHoldData = isLine ? !isLines && !mayFollow : !isLines || end >= 0;
  const at = mayHoldData && head[begin] === openObject ? findArray(head, begin) : -1;
  if (at >= 0) return { at, in: "array in object" };
  return isSpreadOverLines(head) ? { at: begin, in: "sequence" } : "lines";
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

/** Where the first element of the array under `data` of the object at `begin` begins, or -1. */
function findArray(head: Uint8Array, begin: number): number {
  let at = begin + 1;
  const skip = () => {
    while (at < head.length && blank(head[at]!)) at++;
  };
  for (let depth = 1, key: string | null = null; at < head.length; ) {
    const byte = head[at]!;
    if (byte === quote) {
      const start = ++at;
      while (at < head.length && head[at] !== quote) at += head[at] === backslash ? 2 : 1;
      key = depth === 1 ? Buffer.from(head.subarray(start, at)).toString("utf8") : null;
      at++;
    } else if (byte === colon && key === "data" && depth === 1) {
      at++;
      skip();
      if (head[at] !== openList) key = null;
      else {
        const start = ++at;
        skip();
        // A list of texts under `data` belongs to one row (UltraChat's form) and is not a list of rows.
        return head[at] === openObject || head[at] === closeList ? start : -1;
      }
    } else {
      if (byte === openObject || byte === openList) depth++;
      if (byte === closeObject || byte === closeList) depth--;
      if (depth === 0) return -1;
      if (byte === comma) key = null;
      at++;
    }
  }
  return -1;
}

/**
 * Whether an object begins here and goes on in the next line with a key or its end; JSON Lines would begin
 * another object.
 */
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
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** Cuts the bytes after "[", or a sequence of objects, into elements, whatever chunks they come in. */
class ElementScanner {
  readonly #maxBytes: number;
  readonly #isSequence: boolean;
  /** How many levels around the array are still open. */
  #outer: number;
  #ended = false;
  #behind = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #sizeBytes = 0;
  #parts: Uint8Array[] = [];
  #filled = false;

  constructor(maxBytes: number, shape: ElementsShape) {
    this.#maxBytes = maxBytes;
    this.#isSequence = shape.in === "sequence";
    this.#outer = shape.in === "array in object" ? 1 : 0;
  }

  *feed(chunk: Uint8Array): Generator<JsonElement | "behind"> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (this.#ended) {
        if (this.#outer > 0) this.#passOver(byte);
        else if (!blank(byte)) {
          if (!this.#behind) yield "behind";
          this.#behind = true;
          return;
        }
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
        // "[]" has no element, and a comma before the end is accepted.
        if (this.#filled || byte === comma) yield this.#take();
        this.#reset();
        this.#ended = byte !== comma;
        start = at + 1;
      } else if (byte === closeObject || byte === closeList) this.#depth--;
      else if (!blank(byte)) this.#filled = true;
    }
    if (!this.#ended && start < chunk.length) this.#add(chunk.slice(start));
  }

  /** The last element, if it is whole, and "cut" where something did not end. */
  *end(): Generator<JsonElement | "cut"> {
    if (this.#ended) {
      if (this.#outer > 0) yield "cut";
      return;
    }
    const isOpen = this.#depth > 0 || this.#inString;
    if (!isOpen && this.#filled) yield this.#take();
    if (isOpen || !this.#isSequence) yield "cut";
  }

  /** The object that has `data` goes on after it. */
  #passOver(byte: number): void {
    if (byte === quote) this.#inString = true;
    if (byte === openObject || byte === openList) this.#outer++;
    if (byte === closeObject || byte === closeList) this.#outer--;
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
