import { TemplateRuntimeError } from "../errors.ts";
import { attributeOrItem, callMethod, callValue, itemOf, sliceOf } from "../functions/attributes.ts";
import { filters } from "../functions/filters.ts";
import { tests } from "../functions/tests.ts";
import type { Filter } from "../functions/text-filters.ts";
import type { Expression, GivenArguments } from "../syntax/ast.ts";
import { syntaxError } from "../syntax/lexer.ts";
import { contains, equals, isTrue, order } from "../values/compare.ts";
import { iterate } from "../values/iterate.ts";
import { arithmetic, negated, positive } from "../values/numbers.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  isList,
  isString,
  PyDict,
  PyTuple,
  PyUndefined,
  typeName,
  type Value,
} from "../values/values.ts";
import type { Scope } from "./scope.ts";

export type Evaluate = (scope: Scope) => Value;

/**
 * Where an expression stands: inside an `if`, an unknown filter or test is an error only when it is come to.
 */
export interface Place {
  isConditional: boolean;
  /** Filters besides Jinja's own. */
  filters?: Readonly<Record<string, Filter>> | undefined;
}

/**
 * An expression as a function of the names around it. Throws TemplateSyntaxError for unknown filters and
 * tests.
 */
export function compileExpression(expression: Expression, place: Place): Evaluate {
  const evaluate = compileKind(expression, place);
  if (expression.kind === "constant" || expression.kind === "name") return evaluate;
  return (scope) => {
    scope.run.spend(1);
    return evaluate(scope);
  };
}

function compileKind(expression: Expression, place: Place): Evaluate {
  const compile = (inner: Expression): Evaluate => compileExpression(inner, place);
  switch (expression.kind) {
    case "constant": {
      const { value } = expression;
      return () => value;
    }
    case "name": {
      const { name } = expression;
      return (scope) => {
        const value = scope.get(name);
        return value === undefined ? scope.run.undefined(`'${name}' is undefined`) : value;
      };
    }
    case "list": {
      const items = expression.items.map(compile);
      return (scope) => items.map((item) => item(scope));
    }
    case "tuple": {
      const items = expression.items.map(compile);
      return (scope) => new PyTuple(items.map((item) => item(scope)));
    }
    case "dict": {
      const entries = expression.entries.map(([key, value]) => [compile(key), compile(value)] as const);
      return (scope) => PyDict.of(entries.map(([key, value]) => [key(scope), value(scope)] as const));
    }
    case "attribute": {
      const [of, { name }] = [compile(expression.of), expression];
      return (scope) => attributeOrItem(of(scope), name, scope.run);
    }
    case "item": {
      const [of, key] = [compile(expression.of), compile(expression.key)];
      return (scope) => itemOf(of(scope), key(scope), scope.run);
    }
    case "slice": {
      const of = compile(expression.of);
      const bounds = [expression.start, expression.stop, expression.step].map(
        (bound) => bound && compile(bound),
      );
      return (scope) => {
        const value = of(scope);
        const [start = null, stop = null, step = 1] = bounds.map((bound) => bound?.(scope));
        return sliceOf(value, [start, stop, step], scope.run);
      };
    }
    case "call":
      return compileCall(expression.callee, expression.given, place);
    case "filter": {
      const of = compile(expression.of);
      const apply = compileFilter(expression, place);
      return (scope) => apply(of(scope), scope);
    }
    case "test":
      return compileTest(expression, place);
    case "not": {
      const of = compile(expression.of);
      return (scope) => !isTrue(of(scope));
    }
    case "negative": {
      const of = compile(expression.of);
      return (scope) => negated(of(scope));
    }
    case "positive": {
      const of = compile(expression.of);
      return (scope) => positive(of(scope));
    }
    case "and": {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return (scope) => {
        const value = left(scope);
        return isTrue(value) ? right(scope) : value;
      };
    }
    case "or": {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return (scope) => {
        const value = left(scope);
        return isTrue(value) ? value : right(scope);
      };
    }
    case "arithmetic": {
      const { operator } = expression;
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return (scope) => arithmetic(operator, left(scope), right(scope), scope.run);
    }
    case "concat": {
      const parts = expression.parts.map(compile);
      return (scope) => {
        let text = "";
        for (const part of parts) text += toText(part(scope), scope.run);
        scope.run.spendText(text.length);
        return text;
      };
    }
    case "compare":
      return compileComparison(expression, place);
    case "if": {
      const inside: Place = { ...place, isConditional: true };
      const [test, yes] = [expression.test, expression.yes].map((part) => compileExpression(part, inside));
      const no = expression.no && compileExpression(expression.no, inside);
      return (scope) => {
        if (isTrue(test!(scope))) return yes!(scope);
        // Not a strict one, whatever the template's are: as in jinja2.
        return no ? no(scope) : new PyUndefined("the inline if-expression was false and has no else");
      };
    }
  }
}

function compileComparison(expression: Expression & { kind: "compare" }, place: Place): Evaluate {
  const first = compileExpression(expression.first, place);
  const rest = expression.rest.map(({ operator, right }) => ({
    operator,
    right: compileExpression(right, place),
  }));
  return (scope) => {
    const { run } = scope;
    let left = first(scope);
    for (const { operator, right: evaluate } of rest) {
      const right = evaluate(scope);
      if (!holds(operator, left, right, run)) return false;
      left = right;
    }
    return true;
  };
}

function holds(operator: string, left: Value, right: Value, run: Run): boolean {
  switch (operator) {
    case "==":
      return equals(left, right, run);
    case "!=":
      return !equals(left, right, run);
    case "in":
      return contains(right, left, run);
    case "not in":
      return !contains(right, left, run);
    case "<":
      return order(left, right, run) < 0;
    case "<=":
      return order(left, right, run) <= 0;
    case ">":
      return order(left, right, run) > 0;
    default:
      return order(left, right, run) >= 0;
  }
}

export function compileArguments(given: GivenArguments, place: Place): (scope: Scope) => Arguments {
  const positional = given.positional.map((value) => compileExpression(value, place));
  const named = given.named.map(({ name, value }) => ({ name, value: compileExpression(value, place) }));
  const spread = given.spread && compileExpression(given.spread, place);
  const spreadNamed = given.spreadNamed && compileExpression(given.spreadNamed, place);
  return (scope) => {
    const values = positional.map((value) => value(scope));
    const names = new Map<string, Value>();
    const add = (name: string, value: Value): void => {
      if (names.has(name)) throw new TemplateRuntimeError(`expected each argument once, got ${name} twice`);
      names.set(name, value);
    };
    for (const { name, value } of named) add(name, value(scope));
    if (spread) values.push(...iterate(spread(scope), scope.run));
    if (spreadNamed) {
      const dict = spreadNamed(scope);
      if (!(dict instanceof PyDict))
        throw new TemplateRuntimeError(`expected a dict after **, got ${typeName(dict)}`);
      for (const [key, value] of dict.entries()) {
        if (!isString(key))
          throw new TemplateRuntimeError("expected names as keys of a dict after **, got others");
        add(toText(key, scope.run), value);
      }
    }
    return { positional: values, named: names };
  };
}

function compileCall(callee: Expression, given: GivenArguments, place: Place): Evaluate {
  const args = compileArguments(given, place);
  if (callee.kind === "attribute") {
    const [of, { name }] = [compileExpression(callee.of, place), callee];
    return (scope) => callMethod(of(scope), name, args(scope), scope.run);
  }
  const evaluate = compileExpression(callee, place);
  return (scope) => callValue(evaluate(scope), args(scope), scope.run);
}

interface Named {
  name: string;
  given: GivenArguments;
  line: number;
}

/** A filter by its name, as a function of the value it is applied to. */
export function compileFilter(
  { name, given, line }: Named,
  place: Place,
): (value: Value, scope: Scope) => Value {
  const all = place.filters && Object.hasOwn(place.filters, name) ? place.filters : filters;
  const filter = Object.hasOwn(all, name) ? all[name]! : undefined;
  if (!filter) return unknown(`expected a filter that Jinja has, got ${name}`, line, place);
  const args = compileArguments(given, place);
  return (value, scope) => filter(value, args(scope), scope.run);
}

function compileTest(expression: Expression & { kind: "test" }, place: Place): Evaluate {
  const { name, line } = expression;
  const of = compileExpression(expression.of, place);
  if (name === "filter") return (scope) => isNameIn({ ...filters, ...place.filters }, of(scope));
  if (name === "test") return (scope) => isNameIn(tests, of(scope));
  const test = Object.hasOwn(tests, name) ? tests[name]! : undefined;
  if (!test) return unknown(`expected a test that Jinja has, got ${name}`, line, place);
  const args = compileArguments(expression.given, place);
  return (scope) => test(of(scope), args(scope), scope.run);
}

function unknown(message: string, line: number, { isConditional }: Place): () => never {
  if (!isConditional) throw syntaxError(line, message);
  return () => {
    throw new TemplateRuntimeError(message);
  };
}

function isNameIn(catalog: object, name: Value): boolean {
  if (isList(name) || name instanceof PyDict)
    throw new TemplateRuntimeError(`expected a name, got a ${typeName(name)}`);
  return isString(name) && Object.hasOwn(catalog, typeof name === "string" ? name : name.text);
}
