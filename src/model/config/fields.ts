/** Largest size that a config may have: sizes are checked before anything of that size is made. */
const maxSize = 2 ** 31 - 1;

/**
 * The forms of config.json that are read: `authors` is the Zebra authors' own, a `llama` with
 * `self_attn_type`.
 */
export type Form = "ministral" | "mistral" | "llama" | "authors";

/** The keys of one JSON object of a config, and every problem found while reading them. */
export interface Fields {
  readonly json: Readonly<Record<string, unknown>>;
  /** Path of the object in the config with its dot, "" at the top: `rope_scaling.`. */
  readonly prefix: string;
  /** Shared by all objects of a config. */
  readonly problems: string[];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as errors show it, not longer than a line. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Adds a problem. */
export function problem(fields: Fields, key: string, expected: string, got: unknown, hint?: string): void {
  const line = `${fields.prefix}${key}: expected ${expected}, got ${shown(got)}`;
  fields.problems.push(hint ? `${line}. ${hint}` : line);
}

/** The key's value, own keys only; null where it is absent. */
export function rawOf(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields.json, key) ? (fields.json[key] ?? null) : null;
}

export function has(fields: Fields, key: string): boolean {
  return Object.hasOwn(fields.json, key);
}

/**
 * A whole number in [1, max]. Null and absent give `fallback`; undefined as fallback makes the key required.
 * After a problem the result is NaN, which other checks look for.
 */
export function countOf(fields: Fields, key: string, fallback?: number, max = maxSize): number {
  const value = rawOf(fields, key) ?? fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  problem(fields, key, `a whole number from 1 to ${max}`, value);
  return Number.NaN;
}

/**
 * A finite number that `fits`. Null and absent give `fallback`; undefined as fallback makes the key required.
 */
export function numberOf(
  fields: Fields,
  key: string,
  expected: string,
  fits: (value: number) => boolean,
  fallback?: number,
): number {
  const value = rawOf(fields, key) ?? fallback;
  if (typeof value === "number" && Number.isFinite(value) && fits(value)) return value;
  problem(fields, key, expected, value);
  return Number.NaN;
}

export function booleanOf(fields: Fields, key: string, fallback: boolean): boolean {
  const value = rawOf(fields, key) ?? fallback;
  if (typeof value === "boolean") return value;
  problem(fields, key, "true or false", value);
  return fallback;
}
