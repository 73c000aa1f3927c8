import { isUtf8 } from "node:buffer";
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import { isInexact } from "./json/inexact.ts";

/** Whether the type is, or contains, 32-bit floats. */
export function hasFloats(type: DuckDBType): boolean {
  return /\bFLOAT\b/.test(type.toString());
}

/**
 * A value as JSON has it. Numbers that JavaScript holds exactly stay numbers; larger integers and decimals
 * become text. Dates and times are ISO 8601 with all their digits (and a Z where the time zone is known),
 * maps are objects. Bytes are text where they are UTF-8, else `{ base64 }`, which no format reads as text.
 * NaN and infinities are null: tables write them for a missing number. Null entries of a struct are left
 * out, because all structs of a column share their keys (the arguments of every call). `floats`: the type
 * has 32-bit floats, which are written with as few digits as tell them apart.
 */
export function plainValue(value: DuckDBValue, floats: boolean): unknown {
  switch (typeof value) {
    case "number":
      return plainNumber(value, floats);
    case "bigint": {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case "object":
      return value === null ? null : plainObject(value, floats);
    default:
      return value;
  }
}

function plainObject(value: Exclude<DuckDBValue, null>, floats: boolean): unknown {
  if (value instanceof DuckDBListValue) return value.items.map((item) => plainValue(item, floats));
  if (value instanceof DuckDBStructValue) {
    const entries = Object.entries(value.entries).filter(([, inner]) => inner !== null);
    return Object.fromEntries(entries.map(([key, inner]) => [key, plainValue(inner, floats)]));
  }
  if (value instanceof DuckDBMapValue) return plainMap(value, floats);
  if (value instanceof DuckDBBlobValue) {
    const bytes = Buffer.from(value.bytes);
    return isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") };
  }
  if (value instanceof DuckDBDecimalValue)
    return value.scale > 0 ? value.toString() : plainValue(value.value, floats);
  if (value instanceof DuckDBDateValue || value instanceof DuckDBIntervalValue) return value.toString();
  // DuckDB would write it in the time zone of this machine.
  if (value instanceof DuckDBTimestampTZValue)
    return `${isoTime(new DuckDBTimestampValue(value.micros).toString())}Z`;
  return isoTime(value.toString());
}

/** Changes timestamps only: other text has no date before a time. */
function isoTime(text: string): string {
  return text.replace(/^(\d+-\d\d-\d\d) (?=\d\d:)/, "$1T");
}

function plainNumber(value: number, floats: boolean): unknown {
  if (!Number.isFinite(value)) return null;
  if (!floats || isInexact(value) || Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

function plainMap({ entries }: DuckDBMapValue, floats: boolean): unknown {
  const pairs = entries.map(({ key, value }) => {
    const name = plainValue(key, floats);
    const text = typeof name === "object" ? JSON.stringify(name) : String(name);
    return [text, plainValue(value, floats)] as const;
  });
  const isUnique = new Set(pairs.map(([key]) => key)).size === pairs.length;
  return isUnique ? Object.fromEntries(pairs) : pairs.map(([key, value]) => ({ key, value }));
}
