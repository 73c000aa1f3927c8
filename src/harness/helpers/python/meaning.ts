import { createHash } from "node:crypto";
import { type PythonToken, pythonTokens } from "./tokens.ts";

/** A statement of a Python file that stands by itself, with all lines under it. */
interface Statement {
  tokens: PythonToken[];
  /** Names that it gives a value: a function's, a class's, of an assignment, of an import. */
  binds: string[];
}

/** The functions of one Python file. */
export interface PythonFile {
  /**
   * A hash of what a name stands for and nothing but that: its tokens and those of all that it uses of the
   * file. undefined where the file has no such name.
   */
  hashOf(name: string): string | undefined;
  /** For `name = partial(function, key="text")`: which function, and what it is given. */
  partialOf(name: string): { name: string; given: Record<string, string | boolean> } | undefined;
}

/** undefined for what is not Python. */
export function readPython(source: string): PythonFile | undefined {
  const tokens = pythonTokens(source);
  if (tokens === undefined) return undefined;
  const statements = statementsOf(tokens).map(withoutDocstrings).filter(means);
  return {
    hashOf(name) {
      const used = statementsFor(name, statements);
      if (used.length === 0) return undefined;
      const hash = createHash("sha256").update(`${name}\n`);
      for (const { tokens: all } of used) for (const { kind, text } of all) hash.update(`${kind}\0${text}\n`);
      return hash.digest("hex").slice(0, 32);
    },
    partialOf: (name) => partialIn(statements, name),
  };
}

function statementsOf(tokens: readonly PythonToken[]): Statement[] {
  const statements: Statement[] = [];
  let current: PythonToken[] = [];
  let depth = 0;
  tokens.forEach((token, i) => {
    current.push(token);
    if (token.kind === "indent") depth++;
    if (token.kind === "dedent") depth--;
    const ends = depth === 0 && (token.kind === "line" || token.kind === "dedent");
    const next = tokens[i + 1];
    const goesOn =
      next?.kind === "indent" || (next?.kind === "name" && /^(else|elif|except|finally)$/.test(next.text));
    const isDecorator = current[0]?.text === "@" && token.kind === "line";
    if (!ends || goesOn || isDecorator) return;
    statements.push({ tokens: current, binds: boundBy(current) });
    current = [];
  });
  return statements;
}

function boundBy(tokens: readonly PythonToken[]): string[] {
  const [first, second] = tokens;
  if (first?.text === "@") return boundBy(tokens.slice(tokens.findIndex(({ kind }) => kind === "line") + 1));
  if (first?.text === "async") return boundBy(tokens.slice(1));
  if (first?.text === "def" || first?.text === "class") return second ? [second.text] : [];
  if (first && /^(import|from)$/.test(first.text)) return importedBy(tokens);
  const equals = tokens.findIndex(({ kind, text }) => kind === "operator" && (text === "=" || text === ":"));
  if (equals <= 0 || first?.kind !== "name") return [];
  const left = tokens.slice(0, equals);
  return left.every(({ kind, text }) => kind === "name" || text === ",")
    ? left.filter(isName).map(textOf)
    : [];
}

/** Names after `import`, or after `as` where one is renamed; `import a.b` gives a value to a. */
function importedBy(tokens: readonly PythonToken[]): string[] {
  const start = tokens.findIndex(({ text }) => text === "import") + 1;
  const names: string[] = [];
  let before = ",";
  for (const { kind, text } of tokens.slice(start)) {
    if (kind === "name" && text !== "as") {
      if (before === "as") names.pop();
      if (before === "as" || before === "," || before === "(") names.push(text);
    }
    before = text;
  }
  return names;
}

const isName = ({ kind }: PythonToken) => kind === "name";
const textOf = ({ text }: PythonToken) => text;

/** Lines that are nothing but strings: they say something to people. */
function withoutDocstrings(statement: Statement): Statement {
  const kept: PythonToken[] = [];
  let line: PythonToken[] = [];
  for (const token of statement.tokens) {
    if (token.kind === "indent" || token.kind === "dedent") kept.push(token);
    else if (token.kind !== "line") line.push(token);
    else {
      if (!line.every(({ kind }) => kind === "text")) kept.push(...line, token);
      line = [];
    }
  }
  return { ...statement, tokens: [...kept, ...line] };
}

/** What only type checkers read, and lines that became empty, do nothing. */
function means({ tokens }: Statement): boolean {
  const [first, second] = tokens;
  if (first === undefined) return false;
  if (first.text === "if" && second?.text === "TYPE_CHECKING") return false;
  return !(first.text === "from" && (second?.text === "__future__" || second?.text === "typing"));
}

/** The statements that give the name its meaning, in the file's order: those it uses, and those that act. */
function statementsFor(name: string, statements: readonly Statement[]): Statement[] {
  const used = new Set<Statement>();
  const seen = new Set<string>();
  const names = [name];
  for (let next = names.pop(); next !== undefined; next = names.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const statement of statements) {
      if (used.has(statement) || !statement.binds.includes(next)) continue;
      used.add(statement);
      names.push(...namesIn(statement));
    }
  }
  if (used.size === 0) return [];
  // A statement that names nothing acts (`random.seed(1)`), and may change what all others do.
  for (const statement of statements) {
    if (statement.binds.length > 0 || used.has(statement)) continue;
    used.add(statement);
  }
  return statements.filter((statement) => used.has(statement));
}

function namesIn({ tokens }: Statement): string[] {
  return tokens.flatMap(({ kind, text }) => {
    if (kind === "name") return [text];
    // What stands in the braces of an f-string is code.
    return kind === "text" && /^r?f/.test(text) ? (text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []) : [];
  });
}

function partialIn(statements: readonly Statement[], name: string): ReturnType<PythonFile["partialOf"]> {
  const all = statements.filter(({ binds }) => binds.includes(name));
  const imported = statements.filter(({ binds }) => binds.includes("partial"));
  const isFunctools = imported.length === 1 && imported[0]!.tokens[1]?.text === "functools";
  if (all.length !== 1 || !isFunctools) return undefined;
  const [own, equals, word, open, base, ...rest] = all[0]!.tokens
    .filter(({ kind }) => kind !== "line")
    .map(textOf);
  if (own !== name || equals !== "=" || word !== "partial" || open !== "(" || rest.pop() !== ")")
    return undefined;
  const given: Record<string, string | boolean> = {};
  for (let i = 0; i < rest.length; i += 4) {
    const [comma, key, is, value] = rest.slice(i, i + 4);
    if (comma !== "," || is !== "=" || key === undefined || value === undefined) return undefined;
    if (value === "True" || value === "False") given[key] = value === "True";
    else if (/^"[^"\\]*"$/.test(value)) given[key] = value.slice(1, -1);
    else return undefined;
  }
  return base === undefined ? undefined : { name: base, given };
}
