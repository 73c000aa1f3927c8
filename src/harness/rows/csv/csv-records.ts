import { openBytes } from "../../../datasets/files/byte-stream.ts";
import { DataError } from "../../../errors.ts";

/** Characters of one record, at most. */
const maxChars = 64 * 2 ** 20;

/** Records of a CSV file as pandas splits them: a quote begins a quoted field only where the field begins. */
export async function* csvRecords(path: string, separator: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const splitter = new Splitter(separator, path);
  try {
    for await (const chunk of openBytes(path).chunks)
      yield* splitter.feed(decoder.decode(chunk, { stream: true }));
    yield* splitter.feed(decoder.decode());
  } catch (error) {
    if (error instanceof TypeError) throw new DataError(`${path}: expected text in UTF-8, got other bytes`);
    throw error;
  }
  yield* splitter.end();
}

class Splitter {
  readonly #separator: string;
  readonly #path: string;
  #fields: string[] = [];
  #field = "";
  #chars = 0;
  /** `closed`: behind the closing quote, where a second one would be a quote in the text. */
  #state: "start" | "plain" | "quoted" | "closed" = "start";
  #afterReturn = false;

  constructor(separator: string, path: string) {
    this.#separator = separator;
    this.#path = path;
  }

  *feed(text: string): Generator<string[]> {
    // Runs of characters are taken at once: a field that grew one by one would be a chain of as many parts.
    let from = 0;
    const take = (to: number): void => {
      this.#field += text.slice(from, to);
    };
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (++this.#chars > maxChars)
        throw new DataError(
          `${this.#path}: expected rows of at most ${maxChars} characters, got a longer one`,
        );
      const wasReturn = this.#afterReturn;
      this.#afterReturn = false;
      if (this.#state === "quoted") {
        if (char !== '"') continue;
        take(at);
        from = at + 1;
        this.#state = "closed";
      } else if (char === '"' && this.#state === "start") {
        from = at + 1;
        this.#state = "quoted";
      } else if (char === '"' && this.#state === "closed") {
        from = at;
        this.#state = "quoted";
      } else if (char === this.#separator) {
        take(at);
        from = at + 1;
        this.#endField();
      } else if (char === "\n" && wasReturn) from = at + 1;
      else if (char === "\n" || char === "\r") {
        take(at);
        from = at + 1;
        this.#afterReturn = char === "\r";
        yield this.#endRecord();
      } else {
        if (this.#state === "closed") from = at;
        this.#state = "plain";
      }
    }
    take(text.length);
  }

  *end(): Generator<string[]> {
    if (this.#state === "quoted")
      throw new DataError(`${this.#path}: expected a closing quote, got the end of the file`);
    if (this.#fields.length > 0 || this.#field !== "" || this.#state !== "start") yield this.#endRecord();
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#state = "start";
  }

  #endRecord(): string[] {
    this.#endField();
    const fields = this.#fields;
    this.#fields = [];
    this.#chars = 0;
    return fields;
  }
}
