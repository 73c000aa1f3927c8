import { integer, PyFloat } from "../values/values.ts";
import type { Comparison, Expression, GivenArguments, Target } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";

/** jinja2's grammar of expressions, loosest first. */
export function parseExpression(stream: TokenStream, withCondition = true): Expression {
  return stream.nested(() => (withCondition ? parseCondition(stream) : parseOr(stream)));
}

interface TupleOptions {
  /** Only names and what is tied tightest: the target of an assignment. */
  withCondition?: boolean;
  /** In brackets, `()` is a tuple of none. */
  inBrackets?: boolean;
  endsAt?: string;
}

/** One expression, or several with commas: a tuple. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expression {
  const { withCondition = true, inBrackets = false, endsAt } = options;
  const isAtEnd = (): boolean =>
    stream.is("close") || stream.isOperator(")") || (endsAt !== undefined && stream.isName(endsAt));
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0 && !stream.skip("operator", ",")) break;
    if (items.length > 0) isTuple = true;
    if (isAtEnd()) break;
    items.push(parseExpression(stream, withCondition));
  }
  if (!isTuple) {
    if (items.length > 0) return items[0]!;
    if (!inBrackets) stream.fail("an expression");
  }
  return { kind: "tuple", items };
}

function parseCondition(stream: TokenStream): Expression {
  let expression = parseOr(stream);
  while (stream.skip("name", "if")) {
    const test = parseOr(stream);
    const no = stream.skip("name", "else") ? stream.nested(() => parseCondition(stream)) : undefined;
    expression = { kind: "if", test, yes: expression, ...(no && { no }) };
  }
  return expression;
}

function parseOr(stream: TokenStream): Expression {
  let left = parseAnd(stream);
  while (stream.skip("name", "or")) left = { kind: "or", left, right: parseAnd(stream) };
  return left;
}

function parseAnd(stream: TokenStream): Expression {
  let left = parseNot(stream);
  while (stream.skip("name", "and")) left = { kind: "and", left, right: parseNot(stream) };
  return left;
}

function parseNot(stream: TokenStream): Expression {
  if (!stream.skip("name", "not")) return parseCompare(stream);
  return { kind: "not", of: stream.nested(() => parseNot(stream)) };
}

const comparisons: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

function parseCompare(stream: TokenStream): Expression {
  const first = parseSum(stream);
  const rest: { operator: Comparison; right: Expression }[] = [];
  for (;;) {
    let operator: Comparison;
    if (stream.isOperator(...comparisons)) operator = stream.next().text as Comparison;
    else if (stream.skip("name", "in")) operator = "in";
    else if (stream.isName("not") && stream.following.kind === "name" && stream.following.text === "in") {
      stream.next();
      stream.next();
      operator = "not in";
    } else break;
    rest.push({ operator, right: parseSum(stream) });
  }
  return rest.length > 0 ? { kind: "compare", first, rest } : first;
}

function parseSum(stream: TokenStream): Expression {
  let left = parseConcat(stream);
  while (stream.isOperator("+", "-")) {
    const operator = stream.next().text as "+" | "-";
    left = { kind: "arithmetic", operator, left, right: parseConcat(stream) };
  }
  return left;
}

function parseConcat(stream: TokenStream): Expression {
  const parts = [parseProduct(stream)];
  while (stream.skip("operator", "~")) parts.push(parseProduct(stream));
  return parts.length > 1 ? { kind: "concat", parts } : parts[0]!;
}

function parseProduct(stream: TokenStream): Expression {
  let left = parsePower(stream);
  while (stream.isOperator("*", "/", "//", "%")) {
    const operator = stream.next().text as "*" | "/" | "//" | "%";
    left = { kind: "arithmetic", operator, left, right: parsePower(stream) };
  }
  return left;
}

/** From left to right, unlike Python. */
function parsePower(stream: TokenStream): Expression {
  let left = parseUnary(stream);
  while (stream.skip("operator", "**"))
    left = { kind: "arithmetic", operator: "**", left, right: parseUnary(stream) };
  return left;
}

/** A sign is tied tighter than a filter: `-1|abs` is 1. */
function parseUnary(stream: TokenStream, withFilter = true): Expression {
  return stream.nested(() => {
    let expression: Expression;
    if (stream.skip("operator", "-")) expression = { kind: "negative", of: parseUnary(stream, false) };
    else if (stream.skip("operator", "+")) expression = { kind: "positive", of: parseUnary(stream, false) };
    else expression = parsePrimary(stream);
    expression = parsePostfix(stream, expression);
    return withFilter ? parseFilters(stream, expression) : expression;
  });
}

const constants: Readonly<Record<string, null | boolean>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

function parsePrimary(stream: TokenStream): Expression {
  const { kind, text } = stream.current;
  if (kind === "name") {
    stream.next();
    if (Object.hasOwn(constants, text)) return { kind: "constant", value: constants[text]! };
    stream.namesRead.add(text);
    return { kind: "name", name: text };
  }
  if (kind === "string") {
    let whole = "";
    while (stream.is("string")) whole += stream.next().text;
    return { kind: "constant", value: whole };
  }
  if (kind === "integer") {
    stream.next();
    return { kind: "constant", value: integer(BigInt(text.replaceAll("_", "").replace(/^0+(?=\d)/, ""))) };
  }
  if (kind === "float") {
    stream.next();
    return { kind: "constant", value: new PyFloat(Number(text.replaceAll("_", ""))) };
  }
  if (stream.skip("operator", "(")) {
    const inside = parseTuple(stream, { inBrackets: true });
    stream.expect("operator", ")");
    return inside;
  }
  if (stream.skip("operator", "[")) return { kind: "list", items: parseItems(stream, "]") };
  if (stream.skip("operator", "{")) return parseDict(stream);
  stream.fail("an expression");
}

function parseItems(stream: TokenStream, end: string): Expression[] {
  const items: Expression[] = [];
  while (!stream.isOperator(end)) {
    if (items.length > 0) stream.expect("operator", ",");
    if (stream.isOperator(end)) break;
    items.push(parseExpression(stream));
  }
  stream.expect("operator", end);
  return items;
}

function parseDict(stream: TokenStream): Expression {
  const entries: [Expression, Expression][] = [];
  while (!stream.isOperator("}")) {
    if (entries.length > 0) stream.expect("operator", ",");
    if (stream.isOperator("}")) break;
    const key = parseExpression(stream);
    stream.expect("operator", ":");
    entries.push([key, parseExpression(stream)]);
  }
  stream.expect("operator", "}");
  return { kind: "dict", entries };
}

function parsePostfix(stream: TokenStream, of: Expression): Expression {
  let expression = of;
  for (;;) {
    if (stream.skip("operator", ".")) expression = parseAttribute(stream, expression);
    else if (stream.skip("operator", "[")) expression = parseSubscript(stream, expression);
    else if (stream.isOperator("("))
      expression = { kind: "call", callee: expression, given: parseArguments(stream) };
    else return expression;
  }
}

function parseAttribute(stream: TokenStream, of: Expression): Expression {
  if (stream.is("integer")) {
    const key: Expression = { kind: "constant", value: Number(stream.next().text) };
    return { kind: "item", of, key };
  }
  return { kind: "attribute", of, name: stream.expect("name").text };
}

function parseSubscript(stream: TokenStream, of: Expression): Expression {
  const parts: Expression[] = [];
  let slice: Expression | undefined;
  for (;;) {
    const one = parseSliceOrKey(stream, of);
    if (one.kind === "slice") slice = one;
    else parts.push(one);
    if (!stream.skip("operator", ",")) break;
  }
  stream.expect("operator", "]");
  if (slice && parts.length === 0) return slice;
  if (slice) stream.fail("one slice");
  return { kind: "item", of, key: parts.length === 1 ? parts[0]! : { kind: "tuple", items: parts } };
}

function parseSliceOrKey(stream: TokenStream, of: Expression): Expression {
  const isBetween = (): boolean => stream.isOperator(":", "]", ",");
  const start = stream.isOperator(":") ? undefined : parseExpression(stream);
  if (start && !stream.isOperator(":")) return start;
  stream.next();
  const stop = isBetween() ? undefined : parseExpression(stream);
  const step = stream.skip("operator", ":") && !isBetween() ? parseExpression(stream) : undefined;
  return { kind: "slice", of, ...(start && { start }), ...(stop && { stop }), ...(step && { step }) };
}

/** `(a, *b, c=d, **e)`. */
export function parseArguments(stream: TokenStream): GivenArguments {
  const given: GivenArguments = { positional: [], named: [] };
  stream.expect("operator", "(");
  let isFirst = true;
  while (!stream.isOperator(")")) {
    if (!isFirst) stream.expect("operator", ",");
    isFirst = false;
    if (stream.isOperator(")")) break;
    if (stream.skip("operator", "*")) {
      if (given.spread || given.spreadNamed) stream.fail("one *argument, before any **argument");
      given.spread = parseExpression(stream);
    } else if (stream.skip("operator", "**")) {
      if (given.spreadNamed) stream.fail("one **argument");
      given.spreadNamed = parseExpression(stream);
    } else if (stream.is("name") && stream.following.kind === "operator" && stream.following.text === "=") {
      if (given.spreadNamed) stream.fail("named arguments before **");
      const name = stream.next().text;
      stream.next();
      given.named.push({ name, value: parseExpression(stream) });
    } else {
      if (given.named.length > 0 || given.spread || given.spreadNamed)
        stream.fail("positional arguments first");
      given.positional.push(parseExpression(stream));
    }
  }
  stream.expect("operator", ")");
  return given;
}

function parseFilters(stream: TokenStream, of: Expression): Expression {
  let expression = of;
  for (;;) {
    if (stream.isOperator("|")) expression = parseFilter(stream, expression);
    else if (stream.isName("is")) expression = parseTest(stream, expression);
    else if (stream.isOperator("("))
      expression = { kind: "call", callee: expression, given: parseArguments(stream) };
    else return expression;
  }
}

export function parseFilter(stream: TokenStream, of: Expression): Expression & { kind: "filter" } {
  stream.expect("operator", "|");
  return parseFilterCall(stream, of);
}

/** A filter's name and arguments, after its `|` or the word `filter`. */
export function parseFilterCall(stream: TokenStream, of: Expression): Expression & { kind: "filter" } {
  const { line } = stream;
  const name = parseDottedName(stream);
  const given = stream.isOperator("(") ? parseArguments(stream) : { positional: [], named: [] };
  return { kind: "filter", name, of, given, line };
}

function parseDottedName(stream: TokenStream): string {
  let name = stream.expect("name").text;
  while (stream.skip("operator", ".")) name += `.${stream.expect("name").text}`;
  return name;
}

function parseTest(stream: TokenStream, of: Expression): Expression {
  stream.expect("name", "is");
  const isNegated = stream.skip("name", "not");
  const { line } = stream;
  const name = parseDottedName(stream);
  let given: GivenArguments = { positional: [], named: [] };
  if (stream.isOperator("(")) given = parseArguments(stream);
  else if (takesArgument(stream)) {
    if (stream.isName("is")) stream.fail("one test after the other joined by and");
    given.positional.push(parsePostfix(stream, parsePrimary(stream)));
  }
  const test: Expression = { kind: "test", name, of, given, line };
  return isNegated ? { kind: "not", of: test } : test;
}

function takesArgument(stream: TokenStream): boolean {
  if (stream.is("string") || stream.is("integer") || stream.is("float") || stream.isOperator("[", "{"))
    return true;
  return stream.is("name") && !stream.isName("else", "or", "and");
}

/** What a `for` or `set` assigns to. `withNamespace`: `ns.x` may be among it. */
export function parseTarget(stream: TokenStream, withNamespace: boolean): Target {
  const targets: Target[] = [];
  let isTuple = false;
  const isAtEnd = (): boolean =>
    stream.is("close") || stream.isOperator("=", ")") || (!withNamespace && stream.isName("in"));
  for (;;) {
    if (targets.length > 0 && !stream.skip("operator", ",")) break;
    if (targets.length > 0) isTuple = true;
    if (isAtEnd()) break;
    targets.push(parseOneTarget(stream, withNamespace));
  }
  if (targets.length === 0) stream.fail("a name to assign to");
  return isTuple ? { kind: "targets", targets } : targets[0]!;
}

function parseOneTarget(stream: TokenStream, withNamespace: boolean): Target {
  if (stream.skip("operator", "(")) {
    const inside = stream.nested(() => parseTarget(stream, withNamespace));
    stream.expect("operator", ")");
    return inside;
  }
  const { text } = stream.expect("name");
  if (Object.hasOwn(constants, text)) stream.fail(`a name to assign to instead of ${text}`);
  if (withNamespace && stream.skip("operator", "."))
    return { kind: "attribute", namespace: text, name: stream.expect("name").text };
  return { kind: "name", name: text };
}
