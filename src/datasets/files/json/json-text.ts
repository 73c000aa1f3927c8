import { endOfText, mapJsonParts } from "../../../json-strings.ts";

/** The text that an object or list was read from, where `JSON.stringify` would write another value. */
const sources = new WeakMap<object, string>();

/**
 * What JavaScript's values lose: the point or exponent of a number (1.0 is 1 in it), a minus before 0, digits
 * from 2⁵³ on, and the place of keys that are numbers (they come first).
 */
const mayBeLost = /[\d.][eE][-+\d]|\d\.\d|-0|\d{16}|"\d+"[ \t\n\r]*:/;

/** Keys near which tools and arguments of calls stand: other rows need no second look at their text. */
export const nearCalls: ReadonlySet<string> = new Set(["arguments", "parameters", "function"]);

/**
 * Remembers what the objects and lists in `value` were read from, if `text` (the JSON that it is of) has
 * numbers or keys that JavaScript does not hold as they are written.
 */
export function noteSources(value: unknown, text: string): void {
  if (mayBeLost.test(text)) new SourceWalk(text).walk(value);
}

/** Remembers the JSON text that an object or list was made from. */
export function rememberSource(value: object, text: string): void {
  sources.set(value, text);
}

/** JSON text of a value, with its numbers and the order of its keys as they were read. */
export function jsonTextOf(value: unknown): string {
  const source = typeof value === "object" && value !== null ? sources.get(value) : undefined;
  return source === undefined ? JSON.stringify(value) : compact(source);
}

/** JSON text without space between its parts and with its texts as JavaScript spells them. */
function compact(json: string): string {
  return mapJsonParts(
    json,
    (text) => (text.includes("\\") ? JSON.stringify(JSON.parse(text)) : text),
    (between) => between.replace(/[ \t\n\r]+/g, ""),
  );
}

/** Follows a JSON text and the value that it was parsed to side by side. */
class SourceWalk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  walk(value: unknown): void {
    this.#skip();
    const start = this.#at;
    const first = this.#text[this.#at];
    if (first === '"') this.#passString();
    else if (first === "{") this.#walkObject(value);
    else if (first === "[") this.#walkList(value);
    else this.#pass(/[^\s,\]}]*/y);
    // A key that comes twice: the last one is the one that was parsed, and overwrites what the first one
    // left.
    if (typeof value === "object" && value !== null) sources.set(value, this.#text.slice(start, this.#at));
  }

  #walkObject(value: unknown): void {
    const held = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    for (this.#at++; ; this.#at++) {
      this.#skip();
      if (this.#text[this.#at] === "}") break;
      const start = this.#at;
      this.#passString();
      const key = JSON.parse(this.#text.slice(start, this.#at)) as string;
      this.#skip();
      this.#at++;
      this.walk(Object.hasOwn(held, key) ? held[key] : undefined);
      this.#skip();
      if (this.#text[this.#at] !== ",") break;
    }
    this.#at++;
  }

  #walkList(value: unknown): void {
    const held = Array.isArray(value) ? (value as unknown[]) : [];
    this.#at++;
    for (let i = 0; ; i++) {
      this.#skip();
      if (this.#text[this.#at] === "]") break;
      this.walk(held[i]);
      this.#skip();
      if (this.#text[this.#at] !== ",") break;
      this.#at++;
    }
    this.#at++;
  }

  #passString(): void {
    this.#at = endOfText(this.#text, this.#at);
  }

  #skip(): void {
    this.#pass(/[ \t\n\r]*/y);
  }

  #pass(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
    else throw new SyntaxError(`expected JSON, got ${this.#text.slice(this.#at, this.#at + 20)}`);
  }
}
