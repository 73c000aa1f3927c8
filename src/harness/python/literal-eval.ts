import { DataError } from "../../errors.ts";
import { unescapeText } from "../../jinja/syntax/escapes.ts";
import { integer, PyDict, PyFloat, PyTuple, type Value } from "../../jinja/values/values.ts";

/** A text that Python's `ast.literal_eval` refuses, or that holds what there are no values for here. */
export class LiteralError extends DataError {}

const maxChars = 10_000_000;
/** As deep as Python's parser goes. */
const maxDepth = 200;
const maxDigits = 4300;

const blanks = /(?:[ \t\f]|\\\r?\n)*/y;
const blanksAndLines = /(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*/y;
const textStart = /([a-zA-Z]{0,2})('''|"""|'|")/y;
const numeral =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?/y;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const names: Readonly<Record<string, Value>> = { True: true, False: false, None: null };

/**
 * Python's `ast.literal_eval`: lists, tuples, dicts, texts, numbers, True, False and None, written as in
 * Python. Throws LiteralError. Sets, bytes and complex numbers, which Python reads, are refused by name.
 */
export function literalEval(text: string): Value {
  if (text.length > maxChars)
    throw new LiteralError(`expected a literal of at most ${maxChars} characters, got ${text.length}`);
  return new Reader(text).whole();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Value {
    this.#skip(/[ \t]*/y);
    // Empty lines and comments may stand before and after; nothing may be indented there.
    const lines = this.#skip(/(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r?\n|\r))*\f*/y);
    if (lines !== "" && /[ \t]/.test(this.#peek())) this.#fail("a line that is not indented");
    const first = this.#value(blanks);
    this.#skip(blanks);
    const value = this.#peek() === "," ? this.#tuple(first, blanks) : first;
    const rest = this.#text.slice(this.#at);
    if (!/^[ \t\f]*(?:#[^\r\n]*)?(?:(?:\r\n|\n|\r(?!\n))[ \t\f]*(?:#[^\r\n]*)?)*$/.test(rest))
      this.#fail("its end");
    if (/[\r\n][ \t]+$/.test(rest) || /\\\r?\n$/.test(this.#text))
      this.#fail("its end, and no blanks after a line");
    return value;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    throw new LiteralError(
      `Python literal: expected ${expected} at ${this.#at}, got ${rest === "" ? "its end" : JSON.stringify(rest)}`,
    );
  }

  /** `space`: what may stand between words; line breaks only where brackets are open. */
  #value(space: RegExp): Value {
    this.#skip(space);
    const next = this.#peek();
    if (next === "[") return this.#within("]", (end) => this.#items(end));
    if (next === "(") return this.#within(")", () => this.#bracketed());
    if (next === "{") return this.#within("}", () => this.#dict());
    if (next === "+" || next === "-") return this.#signed(space);
    if (/[0-9.]/.test(next)) return this.#number();
    textStart.lastIndex = this.#at;
    if (textStart.test(this.#text)) return this.#texts(space);
    const word = this.#skip(name);
    if (Object.hasOwn(names, word)) return names[word]!;
    this.#at -= word.length;
    return this.#fail("a literal");
  }

  #within<T>(end: string, read: (end: string) => T): T {
    if (++this.#depth > maxDepth) this.#fail(`at most ${maxDepth} levels`);
    this.#at++;
    const value = read(end);
    this.#skip(blanksAndLines);
    if (this.#peek() !== end) this.#fail(end);
    this.#at++;
    this.#depth--;
    return value;
  }

  /** Values between commas, the last of which may be followed by nothing. */
  #items(end: string): Value[] {
    const items: Value[] = [];
    for (;;) {
      this.#skip(blanksAndLines);
      if (this.#peek() === end) return items;
      items.push(this.#value(blanksAndLines));
      this.#skip(blanksAndLines);
      if (this.#peek() !== ",") return items;
      this.#at++;
    }
  }

  /** A tuple, or a value in brackets. */
  #bracketed(): Value {
    this.#skip(blanksAndLines);
    if (this.#peek() === ")") return new PyTuple([]);
    const first = this.#value(blanksAndLines);
    this.#skip(blanksAndLines);
    return this.#peek() === "," ? new PyTuple([first, ...this.#afterComma(")")]) : first;
  }

  #afterComma(end: string): Value[] {
    this.#at++;
    return this.#items(end);
  }

  /** A tuple without brackets: it ends with the line. */
  #tuple(first: Value, space: RegExp): PyTuple {
    const items = [first];
    while (this.#peek() === ",") {
      this.#at++;
      this.#skip(space);
      if (this.#peek() === "" || /[\r\n#]/.test(this.#peek())) break;
      items.push(this.#value(space));
      this.#skip(space);
    }
    return new PyTuple(items);
  }

  #dict(): Value {
    const dict = new PyDict();
    for (;;) {
      this.#skip(blanksAndLines);
      if (this.#peek() === "}") return dict;
      const key = this.#value(blanksAndLines);
      this.#skip(blanksAndLines);
      if (this.#peek() === "," || this.#peek() === "}")
        this.#fail(": and a value, for a dict (sets are not read)");
      if (this.#peek() !== ":") this.#fail(":");
      this.#at++;
      dict.put(key, this.#value(blanksAndLines));
      this.#skip(blanksAndLines);
      if (this.#peek() !== ",") return dict;
      this.#at++;
    }
  }

  /** Python takes one sign, before a number, which may be in brackets. */
  #signed(space: RegExp): Value {
    const isNegative = this.#peek() === "-";
    this.#at++;
    this.#skip(space);
    if (!/[0-9.(]/.test(this.#peek())) this.#fail("a number after its sign");
    const start = this.#at;
    const value = this.#value(space);
    const isNumber = typeof value === "number" || typeof value === "bigint" || value instanceof PyFloat;
    // `-(-1)` has two signs.
    if (
      !isNumber ||
      this.#text
        .slice(start, this.#at)
        .replace(/[eE][+-]/g, "")
        .match(/[+-]/)
    )
      this.#fail("a number after its sign");
    if (!isNegative) return value;
    if (value instanceof PyFloat) return new PyFloat(-value.value);
    return integer(-BigInt(value));
  }

  #number(): Value {
    const written = this.#skip(numeral);
    if (written === "" || /[\p{ID_Start}\p{ID_Continue}.]/u.test(this.#peek()))
      this.#fail("a number (complex ones are not read)");
    const digits = written.replaceAll("_", "");
    if (/^0[xXoObB]/.test(digits)) return integer(BigInt(digits.toLowerCase()));
    if (/[.eE]/.test(digits)) return new PyFloat(Number(digits));
    if (digits.length > maxDigits || (/^0/.test(digits) && !/^0+$/.test(digits)))
      this.#fail(`a whole number of at most ${maxDigits} digits that does not begin with 0`);
    return integer(BigInt(digits));
  }

  /** Texts one after another are one. */
  #texts(space: RegExp): string {
    let text = "";
    for (;;) {
      textStart.lastIndex = this.#at;
      const found = textStart.exec(this.#text);
      if (!found) return text;
      text += this.#oneText(found[1]!, found[2]!, found[0].length);
      this.#skip(space);
    }
  }

  #oneText(prefix: string, quote: string, length: number): string {
    if (!/^[rRuU]?$/.test(prefix)) this.#fail("a plain text (bytes and f-strings are not read)");
    const isLong = quote.length === 3;
    const from = this.#at + length;
    let at = from;
    while (!this.#text.startsWith(quote, at)) {
      if (at >= this.#text.length || (!isLong && /[\r\n]/.test(this.#text[at]!)))
        this.#fail(`${quote} at a text's end`);
      if (this.#text[at] === "\\") at += this.#text.startsWith("\r\n", at + 1) ? 2 : 1;
      at++;
    }
    if (at > this.#text.length) this.#fail(`${quote} at a text's end`);
    const written = this.#text.slice(from, at).replace(/\r\n?/g, "\n");
    if (/[rR]/.test(prefix)) {
      this.#at = at + quote.length;
      return written;
    }
    try {
      const text = unescapeText(written);
      this.#at = at + quote.length;
      return text;
    } catch {
      return this.#fail("whole escapes in a text");
    }
  }
}
