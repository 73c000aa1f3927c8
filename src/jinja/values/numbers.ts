import { TemplateRuntimeError } from "../errors.ts";
import type { Arithmetic } from "../syntax/ast.ts";
import { escapeHtml } from "../syntax/escapes.ts";
import { formatPercent } from "./percent-format.ts";
import { toText } from "./text.ts";
import type { Run } from "./values.ts";
import {
  integer,
  isInteger,
  isList,
  isString,
  PyFloat,
  PyMarkup,
  PyTuple,
  PyUndefined,
  typeName,
  type Value,
} from "./values.ts";

/** Digits of the largest integer that is computed: as many as Python writes out. */
const maxDigits = 4300;
const maxInteger = 10n ** BigInt(maxDigits);

/** `left operator right` as Python computes it. Throws TemplateRuntimeError. */
export function arithmetic(operator: Arithmetic, left: Value, right: Value, run: Run): Value {
  if (left instanceof PyUndefined) left.fail();
  if (operator === "%" && isString(left)) return formatPercent(toText(left, run), right, run);
  if (right instanceof PyUndefined) right.fail();
  if (isInteger(left) && isInteger(right)) return onIntegers(operator, left, right, run);
  if ((isInteger(left) || left instanceof PyFloat) && (isInteger(right) || right instanceof PyFloat))
    return new PyFloat(onFloats(operator, numberOf(left), numberOf(right)));
  if (operator === "+") return joined(left, right, run);
  if (operator === "*") {
    if (isInteger(right) && isSequence(left)) return repeated(left, right, run);
    if (isInteger(left) && isSequence(right)) return repeated(right, left, run);
  }
  throw new TemplateRuntimeError(
    `expected operands that ${operator} takes, got ${typeName(left)} and ${typeName(right)}`,
  );
}

/** A number's value as float64. */
export function numberOf(value: number | bigint | boolean | PyFloat): number {
  return value instanceof PyFloat ? value.value : Number(value);
}

type Int = number | bigint | boolean;

/** Units of work of an operation on integers that may have thousands of digits. */
const largeIntegerWork = 50;

function onIntegers(operator: Arithmetic, left: Int, right: Int, run: Run): Value {
  if (typeof left === "bigint" || typeof right === "bigint") run.spend(largeIntegerWork);
  switch (operator) {
    case "+":
      return typeof left === "bigint" || typeof right === "bigint"
        ? bounded(BigInt(left) + BigInt(right))
        : sum(+left, +right);
    case "-":
      return typeof left === "bigint" || typeof right === "bigint"
        ? bounded(BigInt(left) - BigInt(right))
        : sum(+left, -right);
    case "*":
      return bounded(BigInt(left) * BigInt(right));
    case "/": {
      refuseZero(right);
      return new PyFloat(ratio(BigInt(left), BigInt(right)));
    }
    case "//":
      refuseZero(right);
      return integer(floorDivide(BigInt(left), BigInt(right)));
    case "%": {
      refuseZero(right);
      const [a, b] = [BigInt(left), BigInt(right)];
      return integer(a - floorDivide(a, b) * b);
    }
    case "**":
      return power(BigInt(left), BigInt(right));
  }
}

function sum(left: number, right: number): Value {
  const result = left + right;
  return Number.isSafeInteger(result) ? result : integer(BigInt(left) + BigInt(right));
}

function bounded(value: bigint): Value {
  if (value > maxInteger || value < -maxInteger)
    throw new TemplateRuntimeError(`expected integers of at most ${maxDigits} digits, got a larger one`);
  return integer(value);
}

function refuseZero(value: Value): void {
  if (!value) throw new TemplateRuntimeError("expected a divisor that is not zero, got zero");
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/**
 * The quotient of integers that may be larger than a float holds exactly, correctly rounded for all in use.
 */
function ratio(left: bigint, right: bigint): number {
  const [a, b] = [Number(left), Number(right)];
  if (Number.isFinite(a) && Number.isFinite(b)) return a / b;
  throw new TemplateRuntimeError("expected integers whose quotient is a float, got larger ones");
}

function power(base: bigint, exponent: bigint): Value {
  if (exponent < 0n) {
    refuseZero(integer(base));
    return new PyFloat(Number(base) ** Number(exponent));
  }
  const digits = base.toString().length;
  if (base > 1n || base < -1n) {
    if (exponent * BigInt(Math.max(1, digits - 1)) > BigInt(maxDigits * 4)) return bounded(maxInteger + 1n);
  } else return integer(base === -1n && exponent % 2n === 0n ? 1n : exponent === 0n ? 1n : base);
  return bounded(base ** exponent);
}

function onFloats(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      refuseZero(right);
      return left / right;
    case "//":
      refuseZero(right);
      return floorDivideFloats(left, right);
    case "%": {
      refuseZero(right);
      const rest = left % right;
      if (rest === 0) return right < 0 ? -0 : 0;
      return rest < 0 !== right < 0 ? rest + right : rest;
    }
    case "**": {
      const result = left ** right;
      if (!Number.isFinite(result) && Number.isFinite(left) && Number.isFinite(right))
        throw new TemplateRuntimeError("expected a power that a float holds, got a larger one");
      return result;
    }
  }
}

/** As CPython computes it, so that the quotient goes with the remainder. */
function floorDivideFloats(left: number, right: number): number {
  const rest = left % right;
  const quotient = (left - rest) / right - (rest !== 0 && rest < 0 !== right < 0 ? 1 : 0);
  if (quotient === 0) return left / right < 0 || Object.is(left / right, -0) ? -0 : 0;
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

function isSequence(value: Value): value is string | PyMarkup | readonly Value[] | PyTuple {
  return isString(value) || isList(value) || value instanceof PyTuple;
}

function joined(left: Value, right: Value, run: Run): Value {
  if (isString(left) && isString(right)) {
    const isMarkup = left instanceof PyMarkup || right instanceof PyMarkup;
    const part = (side: Value): string =>
      isMarkup && !(side instanceof PyMarkup) ? escapeHtml(toText(side, run)) : toText(side, run);
    const text = part(left) + part(right);
    run.spendText(text.length);
    return isMarkup ? new PyMarkup(text) : text;
  }
  if (isList(left) && isList(right)) {
    run.spend(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    run.spend(left.items.length + right.items.length);
    return new PyTuple([...left.items, ...right.items]);
  }
  throw new TemplateRuntimeError(
    `expected operands that + takes, got ${typeName(left)} and ${typeName(right)}`,
  );
}

function repeated(what: string | PyMarkup | readonly Value[] | PyTuple, times: Int, run: Run): Value {
  const count = Math.max(0, Number(times));
  if (isString(what)) {
    const text = toText(what, run);
    run.spendText(text.length * count);
    return text.repeat(text === "" ? 0 : count);
  }
  const items = isList(what) ? what : what.items;
  run.spend(items.length * count);
  const result = Array.from({ length: items.length === 0 ? 0 : count }, () => items).flat();
  return isList(what) ? result : new PyTuple(result);
}

export function negated(value: Value): Value {
  if (value instanceof PyUndefined) value.fail();
  if (isInteger(value)) return integer(-BigInt(value));
  if (value instanceof PyFloat) return new PyFloat(-value.value);
  throw new TemplateRuntimeError(`expected a number after -, got ${typeName(value)}`);
}

export function positive(value: Value): Value {
  if (value instanceof PyUndefined) value.fail();
  if (isInteger(value)) return integer(BigInt(value));
  if (value instanceof PyFloat) return value;
  throw new TemplateRuntimeError(`expected a number after +, got ${typeName(value)}`);
}
