import type { LayerType, ZebraConfig } from "./config.ts";
import { type Fields, sizeRange } from "./config-fields.ts";

/** The forms of config.json that are read; `authors` is `llama` with `self_attn_type`. */
export type Form = "ministral" | "mistral" | "llama" | "authors";

const layerTypes: readonly unknown[] = ["full_attention", "sliding_attention"] satisfies LayerType[];

export type Attention = Pick<ZebraConfig, "layer_types" | "sliding_window">;

/** Which layers are local, and their window, in every form. */
export function readAttention(fields: Fields, form: Form, layers: number): Attention {
  if (form === "authors") return readAuthorsAttention(fields, layers);
  if (form === "llama") return readLlamaAttention(fields, layers);
  // Absent is the classes' default, null is no window.
  const isNull = fields.get("sliding_window") === null;
  const window = isNull ? null : fields.integer("sliding_window", sizeRange, 4096);
  const types = fields.get("layer_types") ?? null;
  if (types === null) {
    return uniform(layers, window);
  }
  const isValid = Array.isArray(types) && types.every((type) => layerTypes.includes(type));
  if (!isValid || types.length < layers || types.length > layers) {
    fields.problem("layer_types", `${layers} of full_attention or sliding_attention`, types);
    return uniform(layers, null);
  }
  return withWindow(fields, types, window);
}

function readLlamaAttention(fields: Fields, layers: number): Attention {
  for (const key of ["sliding_window", "layer_types"]) {
    const value = fields.get(key) ?? null;
    if (value === null || (Array.isArray(value) && value.every((type) => type === "full_attention")))
      continue;
    fields.problem(
      key,
      "none in a llama config",
      value,
      "set model_type to ministral if layers have a window",
    );
  }
  return uniform(layers, null);
}

/**
 * The authors' mask lets a query see itself and `window_size` keys before it, so the window in Hugging Face's
 * sense is one more. Source: `_get_local_casual_attention_mask` in modeling_zebra.py.
 */
function readAuthorsAttention(fields: Fields, layers: number): Attention {
  const type = fields.get("self_attn_type");
  const window = () => fields.integer("window_size", { min: 1, max: sizeRange.max - 1 }) + 1;
  switch (type) {
    case "full":
      return uniform(layers, null);
    case "sparse":
      return uniform(layers, window());
    case "mix":
      return groupedAttention(layers, fields.integer("layer_group_size", sizeRange), window());
    default:
      fields.problem("self_attn_type", "mix, full or sparse", type);
      return uniform(layers, null);
  }
}

function uniform(layers: number, window: number | null): Attention {
  const type = window === null ? "full_attention" : "sliding_attention";
  return { layer_types: Array.from({ length: layers }, () => type), sliding_window: window };
}

/** Layer i is global when i % group == 0, else local. */
export function groupedAttention(layers: number, group: number, window: number): Attention {
  const types = Array.from(
    { length: layers },
    (_, i): LayerType => (i % group === 0 ? "full_attention" : "sliding_attention"),
  );
  return { layer_types: types, sliding_window: types.includes("sliding_attention") ? window : null };
}

/** A window that no layer uses reads as null, so that equal models have equal configs. */
function withWindow(fields: Fields, types: LayerType[], window: number | null): Attention {
  const isUsed = types.includes("sliding_attention");
  if (isUsed && window === null) {
    fields.problem("sliding_window", "a whole number from 1 (layer_types has sliding_attention)", null);
  }
  return { layer_types: types, sliding_window: isUsed ? window : null };
}
