import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PyDict, PyFloat, PyTuple, type Value } from "../../src/jinja/values/values.ts";

export interface PatternRow {
  pattern: string;
  error?: string;
  repl: string;
  found: [text: string, findall: unknown, sub: string, subOne: string][];
}
export interface FilterRow {
  pipe: [name: string, options: Record<string, unknown>][];
  doc: Record<string, unknown>;
  rs: string[];
  out: { v?: unknown; e?: string };
}
export interface ScoreRow {
  ot: "multiple_choice" | "generate_until" | "loglikelihood" | "loglikelihood_rolling";
  metrics: [name: string, options: Record<string, unknown>][];
  target: unknown;
  choices: string[] | null;
  text: unknown;
  results: unknown[];
  mi: number;
  mt: number;
  out: { v?: Record<string, unknown>; e?: string };
}
export interface AggregationRow {
  name: string;
  items: unknown[];
  it: number;
  out: { v?: unknown; s?: unknown; e?: string };
}
interface Parts {
  patterns: PatternRow[];
  literals: [text: string, result: { v?: unknown; e?: string }][];
  filters: FilterRow[];
  scores: ScoreRow[];
  aggregations: AggregationRow[];
}

/** What lm_eval 0.4.13 and Python 3.11 answer: fixtures/make_parts.py made it. */
export function readParts(): Parts {
  return JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/parts.json"), "utf8")) as Parts;
}

/** `{ float: 1 }` is a float, `1` an int. */
export function typedValue(given: unknown): Value {
  if (Array.isArray(given)) return given.map(typedValue);
  if (typeof given === "object" && given !== null) return new PyFloat((given as { float: number }).float);
  return given as Value;
}

/** Numbers as they are, for comparing; NaN and infinities as the fixture writes them. */
export function plain(value: unknown): unknown {
  if (value instanceof PyFloat) return plain(value.value);
  if (value instanceof PyTuple) return value.items.map(plain);
  if (value instanceof PyDict) return Array.from(value.entries(), (entry) => entry.map(plain));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** Twelve digits of each number: sums in another order differ after them. */
export function rounded(value: unknown): unknown {
  const given = plain(value);
  if (Array.isArray(given)) return given.map(rounded);
  return typeof given === "number" ? Number(given.toPrecision(12)) : given;
}
