import { TemplateSyntaxError } from "../errors.ts";
import { unescapeText } from "./escapes.ts";

/** jinja2's white space rules; chat templates have the first two, evaluation tasks only the third. */
export interface WhiteSpace {
  /** The first line break after a block or comment is left out. */
  trimBlocks: boolean;
  /** Blanks between a line's start and a block or comment are left out. */
  lstripBlocks: boolean;
  keepTrailingNewline: boolean;
}

export type TokenKind =
  | "data"
  | "open"
  | "close"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "end";

export interface Token {
  kind: TokenKind;
  /**
   * What it says: an operator, a name, a string's content, digits, or which tag opens or closes (`block`,
   * `variable`).
   */
  text: string;
  line: number;
}

/** White space as Python's `\s` and `str.isspace` have it. */
export const whiteSpace =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const blanks = new RegExp(`[${whiteSpace}]*`, "y");
const isBlank = new RegExp(`[${whiteSpace}]`);
const onlyBlanks = new RegExp(`^[${whiteSpace}]+$`);

const tagStart = /\{[%#{]/g;
const rawStart = new RegExp(
  `\\{%([-+]?)[${whiteSpace}]*raw[${whiteSpace}]*(-%\\}[${whiteSpace}]*|%\\})`,
  "y",
);
const rawEnd = new RegExp(
  `\\{%([-+]?)[${whiteSpace}]*endraw[${whiteSpace}]*(?:\\+%\\}|-%\\}[${whiteSpace}]*|%\\}(\\n?))`,
  "g",
);

const float = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const wholeNumber = /0b(?:_?[0-1])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const text = /'([^'\\]*(?:\\[\s\S][^'\\]*)*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const closing: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** Cuts a template into text, tags and what is in them. Throws TemplateSyntaxError. */
export function tokenize(given: string, options: WhiteSpace): Token[] {
  let source = given.replace(/\r\n|\r/g, "\n");
  if (!options.keepTrailingNewline && source.endsWith("\n")) source = source.slice(0, -1);
  const tokens: Token[] = [];
  const lineAt = lineCounter(source);
  let at = 0;

  const addData = (data: string, from: number): void => {
    if (data !== "") tokens.push({ kind: "data", text: data, line: lineAt(from) });
  };
  /** The text before a tag, without what the tag's sign or `lstrip_blocks` takes away. */
  const dataBefore = (end: number, sign: string, isVariable: boolean): string => {
    const data = source.slice(at, end);
    if (sign === "-") {
      let last = data.length;
      while (last > 0 && isBlank.test(data[last - 1]!)) last--;
      return data.slice(0, last);
    }
    if (sign === "+" || !options.lstripBlocks || isVariable) return data;
    const lineStart = data.lastIndexOf("\n") + 1;
    const isAtLineStart = lineStart > 0 || at === 0 || source[at - 1] === "\n";
    return isAtLineStart && onlyBlanks.test(data.slice(lineStart)) ? data.slice(0, lineStart) : data;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const skipBlanks = (): void => {
    at += match(blanks)![0].length;
  };

  while (at < source.length) {
    tagStart.lastIndex = at;
    const found = tagStart.exec(source);
    if (!found) {
      addData(source.slice(at), at);
      break;
    }
    const start = found.index;
    rawStart.lastIndex = start;
    const raw = rawStart.exec(source);
    if (raw) {
      addData(dataBefore(start, raw[1]!, false), at);
      at = start + raw[0].length;
      const from = at;
      rawEnd.lastIndex = at;
      const end = rawEnd.exec(source);
      if (!end) throw syntaxError(lineAt(start), "expected {% endraw %}, got the end of the template");
      addData(dataBefore(end.index, end[1]!, false), from);
      at = end.index + end[0].length - (options.trimBlocks ? 0 : (end[2]?.length ?? 0));
      continue;
    }
    const sign = /[-+]/.test(source[start + 2] ?? "") ? source[start + 2]! : "";
    const inside = start + 2 + sign.length;
    if (found[0] === "{#") {
      addData(dataBefore(start, sign, false), at);
      const end = source.indexOf("#}", inside);
      if (end < 0) throw syntaxError(lineAt(start), "expected #}, got the end of the template");
      const last = end > inside ? source[end - 1] : "";
      at = end + 2;
      if (last === "-") skipBlanks();
      else if (last !== "+" && options.trimBlocks && source[at] === "\n") at++;
      continue;
    }
    const isVariable = found[0] === "{{";
    addData(dataBefore(start, sign, isVariable), at);
    tokens.push({ kind: "open", text: isVariable ? "variable" : "block", line: lineAt(start) });
    at = inside;
    readTag(isVariable ? "variable" : "block");
  }
  tokens.push({ kind: "end", text: "", line: lineAt(source.length) });
  return tokens;

  /** Tokens up to the tag's end, which may not stand inside brackets: `}}` closes two dicts there. */
  function readTag(kind: "variable" | "block"): void {
    const end = kind === "variable" ? "}}" : "%}";
    const open: string[] = [];
    const start = at;
    for (;;) {
      skipBlanks();
      if (at >= source.length)
        throw syntaxError(lineAt(start), `expected ${end}, got the end of the template`);
      if (open.length === 0) {
        const sign = source[at] === "-" || (source[at] === "+" && kind === "block") ? source[at]! : "";
        if (source.startsWith(end, at + sign.length)) {
          tokens.push({ kind: "close", text: kind, line: lineAt(at) });
          at += sign.length + end.length;
          if (sign === "-") skipBlanks();
          else if (sign === "" && kind === "block" && options.trimBlocks && source[at] === "\n") at++;
          return;
        }
      }
      const token = readToken();
      tokens.push(token);
      if (token.kind !== "operator") continue;
      if (closing[token.text]) open.push(closing[token.text]!);
      else if (/[})\]]/.test(token.text) && open.pop() !== token.text)
        throw syntaxError(token.line, `expected what closes the last bracket, got ${token.text}`);
    }
  }

  function readToken(): Token {
    const line = lineAt(at);
    const take = (kind: TokenKind, pattern: RegExp): Token | null => {
      const found = match(pattern);
      if (!found) return null;
      at += found[0].length;
      return { kind, text: found[0], line };
    };
    const token =
      take("float", float) ??
      take("integer", wholeNumber) ??
      take("name", name) ??
      takeText() ??
      take("operator", operator);
    if (token) return token;
    throw syntaxError(
      line,
      `expected an expression, got ${JSON.stringify(String.fromCodePoint(source.codePointAt(at)!))}`,
    );
  }

  function takeText(): Token | null {
    const found = match(text);
    if (!found) return null;
    const line = lineAt(at);
    at += found[0].length;
    try {
      return { kind: "string", text: unescapeText(found[1] ?? found[2] ?? ""), line };
    } catch (cause) {
      throw syntaxError(line, cause instanceof Error ? cause.message : String(cause));
    }
  }
}

export function syntaxError(line: number, message: string): TemplateSyntaxError {
  return new TemplateSyntaxError(`line ${line}: ${message}`);
}

/** Line numbers from 1 of places that come in rising order (or begin again). */
function lineCounter(source: string): (at: number) => number {
  let [line, counted] = [1, 0];
  return (at) => {
    if (at < counted) [line, counted] = [1, 0];
    for (; counted < at; counted++) if (source.charCodeAt(counted) === 10) line++;
    return line;
  };
}
