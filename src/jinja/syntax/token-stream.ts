import { syntaxError, type Token, type TokenKind } from "./lexer.ts";

/**
 * How deep expressions and blocks may nest: what Python's own parser takes, and no stack of ours overflows
 * at.
 */
const maxDepth = 90;

/** Tokens one after the other, and what parsing keeps in mind on its way. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** Names that were read so far; see `readNamesOf`. */
  readonly namesRead = new Set<string>();
  /** Whether a `{% generation %}` block was read. */
  hasGeneration = false;
  /** How many loops of the same macro are open. */
  openLoops = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#at]!;
  }

  get following(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  get line(): number {
    return this.current.line;
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(kind: TokenKind, ...texts: string[]): boolean {
    return this.current.kind === kind && (texts.length === 0 || texts.includes(this.current.text));
  }

  isOperator(...texts: string[]): boolean {
    return this.is("operator", ...texts);
  }

  isName(...texts: string[]): boolean {
    return this.is("name", ...texts);
  }

  /** Takes the token if it is this operator or name. */
  skip(kind: "operator" | "name", text: string): boolean {
    if (!this.is(kind, text)) return false;
    this.next();
    return true;
  }

  expect(kind: TokenKind, text?: string): Token {
    if (text === undefined ? this.is(kind) : this.is(kind, text)) return this.next();
    this.fail(text ?? kind);
  }

  fail(expected: string): never {
    const { kind, text, line } = this.current;
    const got = kind === "end" ? "the end of the template" : kind === "close" ? "the end of the tag" : text;
    throw syntaxError(line, `expected ${expected}, got ${got.slice(0, 60)}`);
  }

  nested<T>(parse: () => T): T {
    if (++this.#depth > maxDepth)
      throw syntaxError(this.line, `expected at most ${maxDepth} levels of nesting, got more`);
    const result = parse();
    this.#depth--;
    return result;
  }
}
