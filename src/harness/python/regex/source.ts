import { PatternError } from "./errors.ts";

/** A pattern that is read character by character (code points). */
export class Source {
  readonly #chars: readonly string[];
  readonly pattern: string;
  at = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.#chars = Array.from(pattern);
  }

  /** The next character, "" at the end. */
  get next(): string {
    return this.#chars[this.at] ?? "";
  }

  get isAtEnd(): boolean {
    return this.at >= this.#chars.length;
  }

  /** Takes the next character, "" at the end. */
  take(): string {
    return this.#chars[this.at++] ?? "";
  }

  /** Takes the next character if it is this one. */
  takes(char: string): boolean {
    if (this.next !== char) return false;
    this.at++;
    return true;
  }

  /** Takes at most `limit` characters that are in `set`. */
  takeWhile(limit: number, set: string): string {
    let taken = "";
    while (taken.length < limit && !this.isAtEnd && set.includes(this.next)) taken += this.take();
    return taken;
  }

  /** Takes what is before `end`, and `end`. */
  takeUntil(end: string, what: string): string {
    let taken = "";
    for (;;) {
      if (this.isAtEnd) this.fail(`${what} that ends with ${end}`, "the pattern's end");
      const char = this.take();
      if (char === end) return taken;
      taken += char;
    }
  }

  fail(expected: string, got: string): never {
    const shown = this.pattern.length > 60 ? `${this.pattern.slice(0, 60)}…` : this.pattern;
    throw new PatternError(
      `pattern ${JSON.stringify(shown)}, at ${this.at}: expected ${expected}, got ${got}`,
    );
  }
}
