import { TemplateRuntimeError } from "../errors.ts";
import { callValue } from "../functions/attributes.ts";
import type { Filters, MacroDefinition, Statement, Target } from "../syntax/ast.ts";
import { isTrue } from "../values/compare.ts";
import { iterate, lengthOf, listOf } from "../values/iterate.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  PyAttributes,
  PyDict,
  type PyFunction,
  PyIterator,
  PyNamespace,
  PyTuple,
  type Value,
} from "../values/values.ts";
import { compileArguments, compileExpression, compileFilter, type Place } from "./compile-expression.ts";
import { Loop } from "./loop.ts";
import type { Scope } from "./scope.ts";

/** What is written, in order. */
export class Output {
  text = "";
  readonly #run: Run;
  constructor(run: Run) {
    this.#run = run;
  }
  write(text: string): void {
    this.#run.spendText(text.length);
    this.text += text;
  }
}

/** How a statement ended: as it should, or on its way out of the innermost loop. */
export type Ending = "done" | "break" | "continue";
export type Execute = (scope: Scope, output: Output) => Ending;

/** Text around what `{% generation %}` blocks write. */
export interface GenerationMarks {
  open: string;
  close: string;
}

interface StatementPlace extends Place {
  marks: GenerationMarks | undefined;
}

/** Statements as a function that writes. `marks`: written where generation blocks open and close. */
export function compileBody(body: readonly Statement[], place: StatementPlace): Execute {
  const steps = body.map((statement) => {
    const execute = compileStatement(statement, place);
    const line = "line" in statement ? statement.line : undefined;
    if (line === undefined) return execute;
    const step: Execute = (scope, output) => {
      scope.run.line = line;
      return execute(scope, output);
    };
    return step;
  });
  return (scope, output) => {
    for (const step of steps) {
      const ending = step(scope, output);
      if (ending !== "done") return ending;
    }
    return "done";
  };
}

function compileStatement(statement: Statement, place: StatementPlace): Execute {
  switch (statement.kind) {
    case "text": {
      const { text } = statement;
      return (_scope, output) => {
        output.write(text);
        return "done";
      };
    }
    case "output": {
      const value = compileExpression(statement.expression, place);
      return (scope, output) => {
        output.write(toText(value(scope), scope.run));
        return "done";
      };
    }
    case "if":
      return compileIf(statement, place);
    case "for":
      return compileFor(statement, place);
    case "set": {
      const value = compileExpression(statement.value, place);
      const { target } = statement;
      return (scope) => {
        assign(target, value(scope), scope);
        return "done";
      };
    }
    case "setBlock": {
      const body = compileBody(statement.body, place);
      const apply = compileFilters(statement.filters, place);
      const { target } = statement;
      return (scope) => {
        const { text, ending } = written(body, scope);
        if (ending === "done") assign(target, apply(text, scope), scope);
        return ending;
      };
    }
    case "macro": {
      const create = compileMacro(statement.macro, place);
      return (scope) => {
        scope.set(statement.macro.name, create(scope));
        return "done";
      };
    }
    case "callBlock":
      return compileCallBlock(statement, place);
    case "filterBlock": {
      const body = compileBody(statement.body, place);
      const apply = compileFilters(statement.filters, place);
      return (scope, output) => {
        const { text, ending } = written(body, scope);
        if (ending === "done") output.write(toText(apply(text, scope), scope.run));
        return ending;
      };
    }
    case "with": {
      const targets = statement.targets.map(({ target, value }) => ({
        target,
        value: compileExpression(value, place),
      }));
      const body = compileBody(statement.body, place);
      return (scope, output) => {
        const inner = scope.inner();
        // Values are those around the block, whatever it sets.
        const values = targets.map(({ value }) => value(scope));
        for (const [i, { target }] of targets.entries()) assign(target, values[i]!, inner);
        return body(inner, output);
      };
    }
    case "scope": {
      const body = compileBody(statement.body, place);
      const marks = statement.marks ? place.marks : undefined;
      return (scope, output) => {
        if (marks) output.write(marks.open);
        const ending = body(scope.inner(), output);
        if (marks) output.write(marks.close);
        return ending;
      };
    }
    case "block": {
      const body = compileBody(statement.body, place);
      return (scope, output) => body(scope.root.inner(), output);
    }
    case "break":
    case "continue": {
      const { kind } = statement;
      return () => kind;
    }
    case "load":
      return () => {
        throw new TemplateRuntimeError(`expected a template that stands alone, got {% ${statement.what} %}`);
      };
  }
}

/** What a body writes, as a text, in a scope of its own. */
function written(body: Execute, scope: Scope): { text: string; ending: Ending } {
  const output = new Output(scope.run);
  const ending = body(scope.inner(), output);
  return { text: output.text, ending };
}

function compileFilters(filters: Filters, place: Place): (text: string, scope: Scope) => Value {
  const steps = filters.map((filter) => compileFilter(filter, place));
  return (text, scope) => steps.reduce<Value>((value, apply) => apply(value, scope), text);
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.kind === "name") scope.set(target.name, value);
  else if (target.kind === "attribute") {
    const namespace = scope.get(target.namespace);
    if (!(namespace instanceof PyNamespace))
      throw new TemplateRuntimeError(
        `expected a namespace to set ${target.name} on, got ${target.namespace}`,
      );
    namespace.attributes.set(target.name, value);
  } else {
    const { targets } = target;
    const items = listOf(value, scope.run);
    if (items.length !== targets.length)
      throw new TemplateRuntimeError(`expected ${targets.length} values to unpack, got ${items.length}`);
    for (const [i, one] of targets.entries()) assign(one, items[i]!, scope);
  }
}

function compileIf(statement: Statement & { kind: "if" }, place: StatementPlace): Execute {
  const inside: StatementPlace = { ...place, isConditional: true };
  const branches = statement.branches.map(({ test, body }) => ({
    test: compileExpression(test, inside),
    body: compileBody(body, inside),
  }));
  const otherwise = compileBody(statement.otherwise, inside);
  return (scope, output) => {
    for (const { test, body } of branches) if (isTrue(test(scope))) return body(scope, output);
    return otherwise(scope, output);
  };
}

function compileFor(statement: Statement & { kind: "for" }, place: StatementPlace): Execute {
  const { target, isRecursive } = statement;
  const over = compileExpression(statement.over, place);
  const test = statement.test && compileExpression(statement.test, place);
  const body = compileBody(statement.body, place);
  const otherwise = compileBody(statement.otherwise, place);

  const goThrough = (value: Value, depth: number, scope: Scope, output: Output): Ending => {
    const { run } = scope;
    const items = test ? filtered(value, scope) : iterate(value, run);
    const count = test || value instanceof PyIterator ? undefined : lengthOf(value);
    const recurse = (inner: Value, innerDepth: number): Value => {
      if (!isRecursive)
        throw new TemplateRuntimeError(
          "expected {% for … recursive %} where loop is called, got a loop without it",
        );
      return run.enter(() => {
        const own = new Output(run);
        goThrough(inner, innerDepth, scope, own);
        return own.text;
      });
    };
    const loop = new Loop(items, count, depth, run, recurse);
    let isEmpty = true;
    for (let item = loop.next(); item !== undefined; item = loop.next()) {
      isEmpty = false;
      const inner = scope.inner();
      inner.set("loop", loop);
      assign(target, item, inner);
      if (body(inner, output) === "break") return "done";
    }
    return isEmpty ? otherwise(scope.inner(), output) : "done";
  };
  function* filtered(value: Value, scope: Scope): Generator<Value, void, undefined> {
    for (const item of iterate(value, scope.run)) {
      const inner = scope.inner();
      assign(target, item, inner);
      if (isTrue(test!(inner))) yield item;
    }
  }
  return (scope, output) => goThrough(over(scope), 0, scope, output);
}

class Macro extends PyAttributes {
  override readonly typeName = "Macro";
  readonly #definition: MacroDefinition;
  constructor(definition: MacroDefinition, call: (given: Arguments, run: Run) => Value) {
    super(`'${definition.name}'`, call);
    this.#definition = definition;
  }
  attribute(name: string): Value | undefined {
    const { name: own, parameters, reads } = this.#definition;
    if (name === "name") return own;
    if (name === "arguments") return new PyTuple(parameters.map((parameter) => parameter.name));
    if (name === "catch_kwargs") return reads.kwargs;
    if (name === "catch_varargs") return reads.varargs;
    return name === "caller" ? reads.caller : undefined;
  }
}

function compileMacro(definition: MacroDefinition, place: StatementPlace): (scope: Scope) => PyFunction {
  const { name, reads } = definition;
  const body = compileBody(definition.body, place);
  const parameters = definition.parameters.map(({ name: parameter, fallback }) => ({
    name: parameter,
    fallback: fallback && compileExpression(fallback, place),
  }));
  return (scope) =>
    new Macro(definition, ({ positional, named }, run) =>
      run.enter(() => {
        const inner = scope.inner();
        const rest = new Map(named);
        const fail = (expected: string, got: string): never => {
          throw new TemplateRuntimeError(`macro ${name}: expected ${expected}, got ${got}`);
        };
        for (const [i, { name: parameter, fallback }] of parameters.entries()) {
          const isNamed = rest.has(parameter);
          if (isNamed && i < positional.length) fail("each argument once", `${parameter} twice`);
          const given = i < positional.length ? positional[i] : rest.get(parameter);
          rest.delete(parameter);
          inner.set(
            parameter,
            orElse(given, () =>
              fallback ? fallback(inner) : run.undefined(`parameter '${parameter}' was not provided`),
            ),
          );
        }
        const caller = rest.get("caller");
        if (reads.caller && !parameters.some((parameter) => parameter.name === "caller")) {
          rest.delete("caller");
          inner.set(
            "caller",
            orElse(caller, () => run.undefined("No caller defined")),
          );
        }
        const more = positional.slice(parameters.length);
        if (reads.varargs) inner.set("varargs", new PyTuple(more));
        else if (more.length > 0) fail(`at most ${parameters.length} arguments`, String(positional.length));
        if (reads.kwargs) inner.set("kwargs", PyDict.of(rest));
        else if (rest.size > 0) fail("arguments that it has", [...rest.keys()].join(", "));
        const output = new Output(run);
        body(inner, output);
        return output.text;
      }),
    );
}

function compileCallBlock(
  { call, caller }: Statement & { kind: "callBlock" },
  place: StatementPlace,
): Execute {
  const callee = compileExpression(call.callee, place);
  const args = compileArguments(call.given, place);
  const create = compileMacro(caller, place);
  return (scope, output) => {
    const { positional, named } = args(scope);
    const given = { positional, named: new Map([...named, ["caller", create(scope) as Value]]) };
    output.write(toText(callValue(callee(scope), given, scope.run), scope.run));
    return "done";
  };
}

/** The value, null included, or what takes the place of one that is not there. */
function orElse(value: Value | undefined, fallback: () => Value): Value {
  return value === undefined ? fallback() : value;
}
