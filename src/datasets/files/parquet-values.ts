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
import { isInexact } from "./json-rows.ts";

/** Whether numbers of this type, also inside its lists and structs, have 32 bits or fewer. */
export function hasFloats(type: DuckDBType): boolean {
  return /\bFLOAT\b/.test(type.toString());
}

/**
 * A value as JSON would have it: numbers that JavaScript holds exactly as numbers; larger whole ones and decimals as
 * their digits; dates and times as ISO 8601, to the last digit that is there (with a Z where a time zone is known); maps
 * as objects; bytes as text where they are UTF-8, else `{ base64 }`, which no format takes for text. NaN is null: it is
 * how tables say that a number is missing. What is null inside a column is absent, since all objects of a column have
 * the keys of each other (the arguments of every call). `floats`: numbers inside have 32 bits, and are spelt by as few digits.
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
  // By itself it would be spelt in the time zone of the machine.
  if (value instanceof DuckDBTimestampTZValue)
    return `${isoTime(new DuckDBTimestampValue(value.micros).toString())}Z`;
  return isoTime(value.toString());
}

/** Of what is a timestamp; other text has no date in front. */
function isoTime(text: string): string {
  return text.replace(/^(\d+-\d\d-\d\d) (?=\d\d:)/, "$1T");
}

function plainNumber(value: number, floats: boolean): unknown {
  if (Number.isNaN(value)) return null;
  if (!Number.isFinite(value)) return String(value);
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
