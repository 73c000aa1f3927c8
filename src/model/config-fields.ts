/** Bounds of a whole number, both ends included. */
export interface Range {
  min: number;
  max: number;
}

/** Sizes of a network: bounded, as memory is set aside by them. */
export const sizeRange: Range = { min: 1, max: 2 ** 31 - 1 };

/** Reads the keys of one object of a config.json and gathers every problem met. Only own keys count. */
export interface Fields {
  has(key: string): boolean;
  /** The value as it is; undefined where absent. */
  get(key: string): unknown;
  /** A whole number. Absent and null give `fallback`; without one they are a problem. NaN after a problem. */
  integer(key: string, range: Range, fallback?: number): number;
  /** A finite number above 0, or at least `min`. Absent and null as for `integer`. NaN after a problem. */
  positive(key: string, fallback?: number, min?: number): number;
  boolean(key: string, fallback: boolean): boolean;
  /** The keys of an object that is this key's value; undefined, after a problem, when it is none. */
  object(key: string): Fields | undefined;
  problem(key: string, expected: string, got: unknown, hint?: string): void;
}

/** `prefix` is the object's path in the file with its dot, as `rope_scaling.`. */
export function fieldsOf(json: Record<string, unknown>, problems: string[], prefix = ""): Fields {
  const has = (key: string) => Object.hasOwn(json, key);
  const get = (key: string) => (has(key) ? json[key] : undefined);
  const problem: Fields["problem"] = (key, expected, got, hint) => {
    problems.push(`${prefix}${key}: expected ${expected}, got ${shown(got)}${hint ? `; ${hint}` : ""}`);
  };
  return {
    has,
    get,
    problem,
    integer(key, { min, max }, fallback) {
      const value = get(key) ?? fallback;
      if (Number.isSafeInteger(value) && isBetween(value, min, max)) return value;
      problem(key, `a whole number from ${min} to ${max}`, value);
      return Number.NaN;
    },
    positive(key, fallback, min = 0) {
      const value = get(key) ?? fallback;
      if (isBetween(value, min, Number.MAX_VALUE) && value > 0) return value;
      problem(key, min > 0 ? `a number of at least ${min}` : "a number above 0", value);
      return Number.NaN;
    },
    boolean(key, fallback) {
      const value = get(key) ?? fallback;
      if (typeof value === "boolean") return value;
      problem(key, "true or false", value);
      return fallback;
    },
    object(key) {
      const value = get(key);
      if (isObject(value)) return fieldsOf(value, problems, `${prefix}${key}.`);
      problem(key, "an object", value);
      return undefined;
    },
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBetween(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
