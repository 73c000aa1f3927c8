import {
  DuckDBListType,
  DuckDBListValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { rememberSource } from "./json/json-text.ts";

/**
 * Whether a column may have calls or tools in it whose numbers JavaScript does not hold as they are: by the
 * names and types of its fields.
 */
export function needsSources(type: DuckDBType): boolean {
  const text = type.toString();
  return /\b(arguments|parameters)\b/.test(text) && /\b(DOUBLE|FLOAT|U?BIGINT|U?HUGEINT)\b/.test(text);
}

/**
 * JSON text of a value, which is remembered for each object and list of `plain` (what `plainValue` made of
 * it): a number of a column of floating-point numbers has a point, and an integer all its digits.
 */
export function noteParquetSources(plain: unknown, value: DuckDBValue, type: DuckDBType): string {
  if (typeof value === "bigint") return String(value);
  if (typeof plain === "number" && Number.isInteger(plain) && isFloat(type)) {
    const text = String(plain);
    return /^-?\d+$/.test(text) ? `${Object.is(plain, -0) ? "-0" : text}.0` : text;
  }
  if (typeof plain !== "object" || plain === null) return JSON.stringify(plain);
  let text: string;
  if (type instanceof DuckDBListType && value instanceof DuckDBListValue) {
    const items = plain as unknown[];
    text = `[${value.items.map((item, i) => noteParquetSources(items[i], item, type.valueType)).join(",")}]`;
  } else if (type instanceof DuckDBStructType && value instanceof DuckDBStructValue) {
    const held = plain as Record<string, unknown>;
    const members = type.entryNames.flatMap((name, i) => {
      const inner = value.entries[name];
      if (inner === undefined || inner === null) return [];
      return `${JSON.stringify(name)}:${noteParquetSources(held[name], inner, type.entryTypes[i]!)}`;
    });
    text = `{${members.join(",")}}`;
  } else return JSON.stringify(plain);
  rememberSource(plain, text);
  return text;
}

function isFloat({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT;
}
