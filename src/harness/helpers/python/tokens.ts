/** A token of Python, or a mark of how lines are nested: what is left of a file without its formatting. */
export interface PythonToken {
  kind: "name" | "number" | "text" | "operator" | "line" | "indent" | "dedent";
  text: string;
}

/** A longer file is read no further: none of the harness's is a tenth of it. */
const maxTokens = 200_000;

const text = /(?:[rRbBuUfF]{0,2})("""|'''|"|')/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const number =
  /(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?|\.\d[\d_]*(?:[eE][-+]?\d+)?)[jJ]?/y;
const operator =
  /(?:\*\*=|\/\/=|>>=|<<=|\.\.\.|[-+*/%@&|^<>=!:]=|\*\*|\/\/|>>|<<|->|[-+*/%@&|^~<>=()[\]{},:.;])/y;

/**
 * Tokens of a Python file; comments, blank lines, breaks inside brackets and the way strings are quoted are
 * no part of them. undefined where it is not Python as far as this small reader can tell.
 */
export function pythonTokens(source: string): PythonToken[] | undefined {
  const tokens: PythonToken[] = [];
  const indents = [0];
  let at = 0;
  let depth = 0;
  let isLineStart = true;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  while (at < source.length) {
    if (tokens.length > maxTokens) return undefined;
    if (isLineStart && depth === 0) {
      const blanks = take(/[ \t\f]*/y) ?? "";
      if (at >= source.length) break;
      if (/[\r\n#]/.test(source[at]!)) {
        take(/#[^\r\n]*/y);
        take(/\r\n|\r|\n/y);
        continue;
      }
      const column = blanks.replaceAll("\t", "        ").length;
      if (column > indents.at(-1)!) {
        indents.push(column);
        tokens.push({ kind: "indent", text: "" });
      }
      while (column < indents.at(-1)!) {
        indents.pop();
        tokens.push({ kind: "dedent", text: "" });
      }
      isLineStart = false;
    }
    if (take(/[ \t\f]+|\\(?:\r\n|\r|\n)|#[^\r\n]*/y) !== undefined) continue;
    if (take(/\r\n|\r|\n/y) !== undefined) {
      if (depth > 0) continue;
      if (tokens.at(-1)?.kind !== "line") tokens.push({ kind: "line", text: "" });
      isLineStart = true;
      continue;
    }
    const opened = take(text);
    if (opened !== undefined) {
      const end = closing(source, at, /["']+$/.exec(opened)![0]);
      if (end === undefined) return undefined;
      tokens.push({ kind: "text", text: plainQuotes(opened, source.slice(at, end)) });
      at = end + /["']+$/.exec(opened)![0].length;
      continue;
    }
    const word = take(name);
    const digits = word === undefined ? take(number) : undefined;
    const sign = word === undefined && digits === undefined ? take(operator) : undefined;
    if (word !== undefined) tokens.push({ kind: "name", text: word });
    else if (digits !== undefined) tokens.push({ kind: "number", text: digits });
    else if (sign === undefined) return undefined;
    else {
      if ("([{".includes(sign)) depth++;
      else if (")]}".includes(sign)) depth = Math.max(0, depth - 1);
      tokens.push({ kind: "operator", text: sign });
    }
  }
  if (tokens.length > 0 && tokens.at(-1)!.kind !== "line") tokens.push({ kind: "line", text: "" });
  while (indents.pop()! > 0) tokens.push({ kind: "dedent", text: "" });
  return withoutTrailingCommas(tokens);
}

function closing(source: string, start: number, quote: string): number | undefined {
  for (let at = start; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source.startsWith(quote, at)) return at;
    else if (quote.length === 1 && source[at] === "\n") return undefined;
  }
  return undefined;
}

/** The same text in double quotes, where nothing in it depends on the quotes. */
function plainQuotes(opened: string, inner: string): string {
  const prefix = opened
    .replace(/["']+$/, "")
    .toLowerCase()
    .replace("u", "");
  const isPlain = !/["'\\\n]/.test(inner);
  const quote = isPlain ? '"' : /["']+$/.exec(opened)![0];
  return `${prefix}${quote}${inner}${quote}`;
}

/** `f(a, b,)` is `f(a, b)`; `(a,)` stays, for it is a tuple. */
function withoutTrailingCommas(tokens: readonly PythonToken[]): PythonToken[] {
  const kept: PythonToken[] = [];
  /** Commas so far in each bracket that is open. */
  const commas: number[] = [];
  for (const token of tokens) {
    if (token.kind === "operator") {
      if ("([{".includes(token.text)) commas.push(0);
      else if (token.text === "," && commas.length > 0) commas[commas.length - 1]!++;
      else if (")]}".includes(token.text)) {
        const count = commas.pop() ?? 0;
        const last = kept.at(-1);
        if (last?.kind === "operator" && last.text === "," && (token.text !== ")" || count > 1)) kept.pop();
      }
    }
    kept.push(token);
  }
  return kept;
}
