import { countOf, type Fields, has, isObject, numberOf, problem, rawOf } from "./fields.ts";

export interface RopeScaling {
  rope_type: "default" | "linear" | "llama3";
  factor?: number;
  low_freq_factor?: number;
  high_freq_factor?: number;
  original_max_position_embeddings?: number;
}

/** Rotary positions of a config. */
export interface Rope {
  rope_theta: number;
  rope_scaling: RopeScaling | null;
}

/** The base that transformers uses where a config has none. */
const defaultTheta = 10_000;

const positive = (value: number) => value > 0;

/**
 * RoPE as transformers 5 writes it (`rope_parameters`) and as transformers 4 does (`rope_theta` with
 * `rope_scaling`, in old files with `type` for `rope_type`). Both may be there if they say the same. Source:
 * `RotaryEmbeddingConfigMixin` in transformers' modeling_rope_utils.py.
 */
export function parseRope(fields: Fields, maxPositions: number): Rope {
  refusePartial(fields);
  const theta = has(fields, "rope_theta") ? thetaOf(fields, rawOf(fields, "rope_theta")) : undefined;
  const v4 = scalingOf(fields, "rope_scaling", maxPositions);
  const v5 = parametersOf(fields, maxPositions);
  const bases = [theta, v5?.theta, v4?.theta].filter((base) => base !== undefined);
  if (new Set(bases).size > 1) {
    problem(fields, "rope_theta", "one base, the same in rope_parameters", bases, "Remove the wrong one.");
  }
  if (v4 && v5 && JSON.stringify(v4.scaling) !== JSON.stringify(v5.scaling)) {
    problem(fields, "rope_scaling", "the same as rope_parameters", v4.scaling, "Remove the wrong one.");
  }
  return {
    rope_theta: bases[0] ?? defaultTheta,
    rope_scaling: v4?.scaling ?? v5?.scaling ?? null,
  };
}

/** Both forms of a config's RoPE, so that old and new readers agree. */
export function formatRope({ rope_theta, rope_scaling }: Rope): Record<string, unknown> {
  return {
    rope_theta,
    rope_scaling,
    rope_parameters: { ...(rope_scaling ?? { rope_type: "default" }), rope_theta },
  };
}

interface Parsed {
  theta: number | undefined;
  scaling: RopeScaling | null;
}

/** `rope_parameters`: one object, or one for each kind of layer. These must be the same. */
function parametersOf(fields: Fields, maxPositions: number): Parsed | undefined {
  const value = rawOf(fields, "rope_parameters");
  if (!isObject(value)) return scalingOf(fields, "rope_parameters", maxPositions);
  const kinds = Object.keys(value).filter((key) => key === "full_attention" || key === "sliding_attention");
  if (kinds.length === 0) return scalingOf(fields, "rope_parameters", maxPositions);
  const nested: Fields = { ...fields, json: value, prefix: `${fields.prefix}rope_parameters.` };
  const parsed = kinds.map((kind) => scalingOf(nested, kind, maxPositions));
  if (new Set(parsed.map((rope) => JSON.stringify(rope))).size > 1) {
    problem(fields, "rope_parameters", "the same positions in every kind of layer", value);
  }
  return parsed[0];
}

function scalingOf(fields: Fields, key: string, maxPositions: number): Parsed | undefined {
  const value = rawOf(fields, key);
  if (value === null) return undefined;
  if (!isObject(value)) {
    problem(fields, key, "an object or null", value);
    return undefined;
  }
  const inner: Fields = { ...fields, json: value, prefix: `${fields.prefix}${key}.` };
  refusePartial(inner);
  const base = rawOf(inner, "rope_theta");
  const original = rawOf(fields, "original_max_position_embeddings");
  return {
    theta: base === null ? undefined : thetaOf(inner, base),
    scaling: parseScaling(inner, typeof original === "number" ? original : maxPositions),
  };
}

/** `originalPositions` is used where the scaling itself has none, as in transformers. */
function parseScaling(fields: Fields, originalPositions: number): RopeScaling | null {
  const key = has(fields, "rope_type") || !has(fields, "type") ? "rope_type" : "type";
  const type = rawOf(fields, key) ?? "default";
  if (type === "default") return null;
  if (type !== "linear" && type !== "llama3") {
    problem(fields, key, '"default", "linear" or "llama3"', type, "Other RoPE types are not supported.");
    return null;
  }
  const factor = numberOf(fields, "factor", "a number of at least 1", (value) => value >= 1);
  if (type === "linear") return { rope_type: type, factor };
  const low = numberOf(fields, "low_freq_factor", "a number above 0", positive);
  const high = numberOf(
    fields,
    "high_freq_factor",
    "a number above low_freq_factor",
    (value) => !(value <= low),
  );
  return {
    rope_type: type,
    factor,
    low_freq_factor: low,
    high_freq_factor: high,
    original_max_position_embeddings: countOf(fields, "original_max_position_embeddings", originalPositions),
  };
}

function thetaOf(fields: Fields, value: unknown): number | undefined {
  return value === null ? undefined : numberOf(fields, "rope_theta", "a number above 0", positive);
}

function refusePartial(fields: Fields): void {
  const part = rawOf(fields, "partial_rotary_factor");
  if (part !== null && part !== 1) {
    problem(
      fields,
      "partial_rotary_factor",
      "1 or nothing",
      part,
      "Partial rotary positions are not supported.",
    );
  }
}
