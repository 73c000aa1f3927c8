import type { RopeScaling, ZebraConfig } from "./config.ts";
import { type Fields, sizeRange } from "./config-fields.ts";

export type Rope = Pick<ZebraConfig, "rope_theta" | "rope_scaling">;

/** The base where a config names none; also the only one that the authors' code knows without scaling. */
const defaultTheta = 10_000;

/**
 * Rotary positions as transformers 5 writes them (`rope_parameters`) and as 4 did (`rope_theta` with
 * `rope_scaling`). Where both are there they must say the same: readers disagree on which one counts.
 * Source: `RotaryEmbeddingConfigMixin` in transformers' modeling_rope_utils.py.
 */
export function readRope(fields: Fields, maxPositions: number): Rope {
  refusePartial(fields);
  const v4 = readParameters(fields, "rope_scaling", maxPositions);
  const v5 = readParameters(fields, "rope_parameters", maxPositions);
  const thetas = [v5?.theta, v4?.theta, readTheta(fields)].filter((theta) => theta !== undefined);
  if (new Set(thetas).size > 1) {
    fields.problem("rope_theta", "the same in every place", thetas, "remove the wrong one");
  }
  if (v4 && v5 && JSON.stringify(v4.scaling) !== JSON.stringify(v5.scaling)) {
    fields.problem("rope_scaling", "the same as rope_parameters", v4.scaling, "remove the wrong one");
  }
  return { rope_theta: thetas[0] ?? defaultTheta, rope_scaling: v4?.scaling ?? v5?.scaling ?? null };
}

/** The authors' code passes `rope_theta` on only together with `rope_scaling`. */
export function readAuthorsRope(fields: Fields, maxPositions: number): Rope {
  const rope = readRope(fields, maxPositions);
  const isScaled = (fields.get("rope_scaling") ?? null) !== null;
  return isScaled ? rope : { ...rope, rope_theta: defaultTheta };
}

/** The keys of both, so that old and new readers see the same positions. */
export function formatRope({ rope_theta, rope_scaling }: Rope): Record<string, unknown> {
  return {
    rope_theta,
    rope_scaling,
    rope_parameters: { ...(rope_scaling ?? { rope_type: "default" }), rope_theta },
  };
}

interface Parameters {
  theta: number | undefined;
  scaling: RopeScaling | null;
}

function readParameters(fields: Fields, key: string, maxPositions: number): Parameters | undefined {
  if ((fields.get(key) ?? null) === null) return undefined;
  const inner = fields.object(key);
  if (!inner) return undefined;
  const kinds = ["full_attention", "sliding_attention"].filter((kind) => inner.has(kind));
  if (kinds.length > 0) {
    const [first, ...others] = kinds.map((kind) => readParameters(inner, kind, maxPositions));
    if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
      fields.problem(key, "the same positions in every kind of layer", fields.get(key));
    }
    return first;
  }
  refusePartial(inner);
  // transformers prefers the pretraining length that stands outside, and falls back to the whole length.
  const original = fields.has("original_max_position_embeddings")
    ? fields.integer("original_max_position_embeddings", sizeRange)
    : undefined;
  return { theta: readTheta(inner), scaling: readScaling(inner, original, maxPositions) };
}

function readTheta(fields: Fields): number | undefined {
  return (fields.get("rope_theta") ?? null) === null ? undefined : fields.positive("rope_theta");
}

/** `type` is how files before transformers 4.45 name `rope_type`. */
function readScaling(fields: Fields, original: number | undefined, maxPositions: number): RopeScaling | null {
  const key = fields.has("type") && !fields.has("rope_type") ? "type" : "rope_type";
  const type = fields.get(key) ?? "default";
  switch (type) {
    case "default":
      return null;
    case "linear":
      return { rope_type: type, factor: fields.positive("factor", undefined, 1) };
    case "llama3": {
      const low = fields.positive("low_freq_factor");
      const high = fields.positive("high_freq_factor");
      if (high <= low) fields.problem("high_freq_factor", `more than low_freq_factor, ${low}`, high);
      return {
        rope_type: type,
        factor: fields.positive("factor", undefined, 1),
        low_freq_factor: low,
        high_freq_factor: high,
        original_max_position_embeddings:
          original ?? fields.integer("original_max_position_embeddings", sizeRange, maxPositions),
      };
    }
    default:
      fields.problem(key, "default, linear or llama3", type, "other kinds are not supported");
      return null;
  }
}

function refusePartial(fields: Fields): void {
  const part = fields.get("partial_rotary_factor") ?? 1;
  if (part !== 1) {
    fields.problem("partial_rotary_factor", "1", part, "rotary positions of a part are not supported");
  }
}
