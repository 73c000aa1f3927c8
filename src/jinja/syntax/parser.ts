import type { Expression, Filters, MacroDefinition, Parameter, Statement, Target } from "./ast.ts";
import { syntaxError, tokenize, type WhiteSpace } from "./lexer.ts";
import {
  parseExpression,
  parseFilter,
  parseFilterCall,
  parseTarget,
  parseTuple,
} from "./parse-expression.ts";
import { TokenStream } from "./token-stream.ts";

/** Parses a template, and says whether it has `{% generation %}` blocks. Throws TemplateSyntaxError. */
export function parseTemplate(
  source: string,
  whiteSpace: WhiteSpace,
): { body: Statement[]; hasGeneration: boolean } {
  const stream = new TokenStream(tokenize(source, whiteSpace));
  const { body } = parseBody(stream, []);
  return { body, hasGeneration: stream.hasGeneration };
}

/** Statements up to a block of one of these names, whose tag is left open, or the template's end. */
function parseBody(stream: TokenStream, endsAt: readonly string[]): { body: Statement[]; end: string } {
  return stream.nested(() => {
    const body: Statement[] = [];
    for (;;) {
      const { line } = stream;
      if (stream.is("end")) {
        if (endsAt.length > 0) stream.fail(`{% ${endsAt.join(" %} or {% ")} %}`);
        return { body, end: "" };
      }
      if (stream.is("data")) {
        body.push({ kind: "text", text: stream.next().text });
      } else if (stream.next().text === "variable") {
        body.push({ kind: "output", expression: parseTuple(stream), line });
        stream.expect("close", "variable");
      } else {
        if (endsAt.length > 0 && stream.isName(...endsAt)) return { body, end: stream.next().text };
        body.push(...parseStatement(stream));
        stream.expect("close", "block");
      }
    }
  });
}

/** The rest of the tag that opened a block, its body, and the name of the tag that ended it. */
function parseBlock(stream: TokenStream, ...endsAt: string[]): { body: Statement[]; end: string } {
  stream.expect("close", "block");
  return parseBody(stream, endsAt);
}

function parseStatement(stream: TokenStream): Statement[] {
  const { line, text: word } = stream.expect("name");
  switch (word) {
    case "if":
      return [parseIf(stream, line)];
    case "for":
      return [parseFor(stream, line)];
    case "set":
      return [parseSet(stream, line)];
    case "macro":
      return [{ kind: "macro", macro: parseMacro(stream), line }];
    case "call":
      return [parseCall(stream, line)];
    case "filter": {
      const filters = parseFilterChain(stream, parseFilterCall(stream, nothing));
      return [{ kind: "filterBlock", filters, body: parseBlock(stream, "endfilter").body, line }];
    }
    case "with":
      return [parseWith(stream, line)];
    case "generation":
      return [parseGeneration(stream, line)];
    case "autoescape": {
      const isOn = parseExpression(stream);
      if (isOn.kind !== "constant" || isOn.value !== false)
        throw syntaxError(line, "expected autoescape false, got another value");
      return [{ kind: "scope", marks: false, body: parseBlock(stream, "endautoescape").body, line }];
    }
    case "block": {
      const name = stream.expect("name").text;
      while (stream.isName("scoped", "required")) stream.next();
      const { body } = parseBlock(stream, "endblock");
      stream.skip("name", name);
      return [{ kind: "block", body, line }];
    }
    case "print":
      return parsePrint(stream, line);
    case "break":
    case "continue":
      if (stream.openLoops === 0) throw syntaxError(line, `expected ${word} inside a loop, got it outside`);
      return [{ kind: word, line }];
    case "include":
    case "import":
    case "from":
    case "extends":
      while (!stream.is("close") && !stream.is("end")) stream.next();
      return [{ kind: "load", what: word, line }];
    default:
      throw syntaxError(line, `expected a tag that Jinja has, got ${word}`);
  }
}

/** transformers makes a call of it, which no loop can be left through. */
function parseGeneration(stream: TokenStream, line: number): Statement {
  const loops = stream.openLoops;
  stream.openLoops = 0;
  stream.hasGeneration = true;
  const { body } = parseBlock(stream, "endgeneration");
  stream.openLoops = loops;
  return { kind: "scope", marks: true, body, line };
}

function parsePrint(stream: TokenStream, line: number): Statement[] {
  const statements: Statement[] = [];
  while (!stream.is("close")) {
    if (statements.length > 0) stream.expect("operator", ",");
    statements.push({ kind: "output", expression: parseExpression(stream), line });
  }
  return statements;
}

function parseIf(stream: TokenStream, line: number): Statement {
  const branches: { test: Expression; body: Statement[] }[] = [];
  let end = "elif";
  let otherwise: Statement[] = [];
  while (end === "elif") {
    const test = parseTuple(stream, { withCondition: false });
    const block = parseBlock(stream, "elif", "else", "endif");
    branches.push({ test, body: block.body });
    end = block.end;
  }
  if (end === "else") otherwise = parseBlock(stream, "endif").body;
  return { kind: "if", branches, otherwise, line };
}

function parseFor(stream: TokenStream, line: number): Statement {
  const target = parseTarget(stream, false);
  if (namesOf(target).includes("loop"))
    throw syntaxError(line, "expected another name than loop, which a for loop has itself");
  stream.expect("name", "in");
  const over = parseTuple(stream, { withCondition: false, endsAt: "recursive" });
  const test = stream.skip("name", "if") ? parseExpression(stream) : undefined;
  const isRecursive = stream.skip("name", "recursive");
  stream.openLoops++;
  const { body, end } = parseBlock(stream, "endfor", "else");
  stream.openLoops--;
  const otherwise = end === "else" ? parseBlock(stream, "endfor").body : [];
  return { kind: "for", target, over, ...(test && { test }), isRecursive, body, otherwise, line };
}

function namesOf(target: Target): string[] {
  return target.kind === "name"
    ? [target.name]
    : target.kind === "targets"
      ? target.targets.flatMap(namesOf)
      : [];
}

function parseSet(stream: TokenStream, line: number): Statement {
  const target = parseTarget(stream, true);
  if (stream.skip("operator", "=")) return { kind: "set", target, value: parseTuple(stream), line };
  const filters = stream.isOperator("|") ? parseFilterChain(stream, parseFilter(stream, nothing)) : [];
  return { kind: "setBlock", target, filters, body: parseBlock(stream, "endset").body, line };
}

/** What the filters of a block are parsed on: the text takes its place. */
const nothing: Expression = { kind: "constant", value: null };

function parseFilterChain(stream: TokenStream, first: Expression & { kind: "filter" }): Filters {
  let last = first;
  const filters: Filters = [first];
  while (stream.isOperator("|")) {
    last = parseFilter(stream, last);
    filters.push(last);
  }
  return filters.map(({ name, given, line }) => ({ name, given, line }));
}

function parseMacro(stream: TokenStream): MacroDefinition {
  const name = stream.expect("name").text;
  return parseMacroBody(stream, name, parseParameters(stream), "endmacro");
}

function parseMacroBody(
  stream: TokenStream,
  name: string,
  parameters: Parameter[],
  end: string,
): MacroDefinition {
  const loops = stream.openLoops;
  stream.openLoops = 0;
  const before = new Set(stream.namesRead);
  stream.namesRead.clear();
  const { body } = parseBlock(stream, end);
  const reads = (special: string): boolean =>
    stream.namesRead.has(special) && !parameters.some((parameter) => parameter.name === special);
  const special = {
    varargs: reads("varargs"),
    kwargs: reads("kwargs"),
    caller: stream.namesRead.has("caller"),
  };
  for (const read of before) stream.namesRead.add(read);
  stream.openLoops = loops;
  return { name, parameters, body, reads: special };
}

function parseParameters(stream: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  stream.expect("operator", "(");
  while (!stream.isOperator(")")) {
    if (parameters.length > 0) stream.expect("operator", ",");
    const name = stream.expect("name").text;
    if (stream.skip("operator", "=")) parameters.push({ name, fallback: parseExpression(stream) });
    else if (parameters.some(({ fallback }) => fallback))
      stream.fail("a default, as the parameter before has one");
    else parameters.push({ name });
  }
  stream.expect("operator", ")");
  return parameters;
}

function parseCall(stream: TokenStream, line: number): Statement {
  const parameters = stream.isOperator("(") ? parseParameters(stream) : [];
  const call = parseExpression(stream);
  if (call.kind !== "call")
    throw syntaxError(line, "expected a call after {% call %}, got another expression");
  return { kind: "callBlock", call, caller: parseMacroBody(stream, "caller", parameters, "endcall"), line };
}

function parseWith(stream: TokenStream, line: number): Statement {
  const targets: { target: Target; value: Expression }[] = [];
  while (!stream.is("close")) {
    if (targets.length > 0) stream.expect("operator", ",");
    const name = stream.expect("name").text;
    stream.expect("operator", "=");
    targets.push({ target: { kind: "name", name }, value: parseExpression(stream) });
  }
  return { kind: "with", targets, body: parseBlock(stream, "endwith").body, line };
}
