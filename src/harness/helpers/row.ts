import { DataError } from "../../errors.ts";
import { isInteger, isList, PyDict, PyFloat, typeName, type Value } from "../../jinja/values/values.ts";
import type { Row } from "../task-config.ts";

/** Columns of a row as helpers take them: they fail where the Python that they stand for would. */
export function textOf(row: PyDict, key: string): string {
  const value = columnOf(row, key);
  if (typeof value === "string") return value;
  throw wrong(key, "text", value);
}

export function columnOf(row: PyDict, key: string): Value {
  const value = row.get(key);
  if (value !== undefined) return value;
  const known = [...row.keys()].map(String).join(", ");
  throw new DataError(`${key}: expected this column, got a row with ${known}`);
}

export function listOf(row: PyDict, key: string): readonly Value[] {
  const value = columnOf(row, key);
  if (isList(value)) return value;
  throw wrong(key, "a list", value);
}

export function textsOf(row: PyDict, key: string): string[] {
  return listOf(row, key).map((item) => {
    if (typeof item === "string") return item;
    throw wrong(key, "a list of texts", item);
  });
}

export function dictOf(row: PyDict, key: string): PyDict {
  const value = columnOf(row, key);
  if (value instanceof PyDict) return value;
  throw wrong(key, "an object", value);
}

export function wrong(key: string, expected: string, got: Value): DataError {
  return new DataError(`${key}: expected ${expected}, got ${typeName(got)}`);
}

/** The row with these columns, as `Dataset.map` puts what a function gives over what is there. */
export function withColumns(row: Row, columns: Readonly<Record<string, Value>>): Row {
  return PyDict.of([...row.entries(), ...Object.entries(columns)]);
}

/** The number that a value is, be it an int, a float or a bool. */
export function numberOf(value: Value | undefined): number {
  if (value instanceof PyFloat) return value.value;
  if (value !== undefined && isInteger(value)) return Number(value);
  throw new DataError(`expected a number, got ${value === undefined ? "nothing" : typeName(value)}`);
}

/** The first answer of the model, which is text. */
export function firstText(results: readonly Value[]): string {
  const [first] = results;
  if (typeof first === "string") return first;
  throw new DataError(`expected generated text, got ${first === undefined ? "nothing" : typeName(first)}`);
}
