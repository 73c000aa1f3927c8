import { countOf, type Fields, type Form, has, problem, rawOf } from "./fields.ts";

/** `full_attention` is a global layer, `sliding_attention` a local one; names are Hugging Face's. */
export type LayerType = "full_attention" | "sliding_attention";

/** Which layers of a model are local, and how far they see. */
export interface Layers {
  layer_types: LayerType[];
  /** Query i sees keys j with i − w < j ≤ i. Null only when no layer is local. */
  sliding_window: number | null;
}

/** More layers than any model has: a limit for what is made from a config's numbers. */
export const maxLayers = 10_000;

/** Keys that a query of such a layer sees, itself included; null: all before it. */
export function windowOf({ sliding_window }: Layers, type: LayerType): number | null {
  return type === "sliding_attention" ? sliding_window : null;
}

/** The layers that a config of this form asks for. Adds what is wrong to the problems of `fields`. */
export function parseLayers(fields: Fields, form: Form): Layers {
  const value = rawOf(fields, "num_hidden_layers");
  const count = Number.isInteger(value) && (value as number) > 0 ? Math.min(value as number, maxLayers) : 0;
  if (form === "authors") return authorsLayers(fields, count);
  const given = layerTypes(fields, count);
  if (form === "llama") {
    // transformers' llama has no windows, so these keys belong to another model type.
    const window = rawOf(fields, "sliding_window");
    if (given?.includes("sliding_attention")) {
      problem(fields, "layer_types", 'full attention only in a "llama"', "sliding_attention", meantMinistral);
    }
    if (window !== null) problem(fields, "sliding_window", 'nothing in a "llama"', window, meantMinistral);
    return { layer_types: Array<LayerType>(count).fill("full_attention"), sliding_window: null };
  }
  const none = has(fields, "sliding_window") && rawOf(fields, "sliding_window") === null;
  const window = none ? null : countOf(fields, "sliding_window", 4096);
  const types = given ?? Array<LayerType>(count).fill(none ? "full_attention" : "sliding_attention");
  if (none && types.includes("sliding_attention")) {
    problem(fields, "sliding_window", "a whole number from 1, as some layers are local", null);
  }
  return withUsedWindow(types, window);
}

/** A window that no layer uses reads as null, so that equal networks have equal configs. */
function withUsedWindow(types: LayerType[], window: number | null): Layers {
  return { layer_types: types, sliding_window: types.includes("sliding_attention") ? window : null };
}

const meantMinistral = 'Set model_type to "ministral" where the layers are local.';

function layerTypes(fields: Fields, count: number): LayerType[] | undefined {
  const value = rawOf(fields, "layer_types");
  if (value === null) return undefined;
  if (!Array.isArray(value)) {
    problem(fields, "layer_types", "a list of layer types", value);
    return undefined;
  }
  const unknown = value.find((type) => type !== "full_attention" && type !== "sliding_attention");
  if (unknown !== undefined) {
    problem(fields, "layer_types", '"full_attention" and "sliding_attention" only', unknown);
  }
  if (value.length !== count && count > 0) {
    problem(fields, "layer_types", `${count} entries (num_hidden_layers)`, value.length);
  }
  return value as LayerType[];
}

/** The authors' `window_size` does not count the query itself, `sliding_window` does. */
function authorsLayers(fields: Fields, count: number): Layers {
  const type = rawOf(fields, "self_attn_type");
  if (type === "full") {
    return { layer_types: Array<LayerType>(count).fill("full_attention"), sliding_window: null };
  }
  if (type !== "mix" && type !== "sparse") {
    problem(fields, "self_attn_type", '"mix", "full" or "sparse"', type);
    return { layer_types: [], sliding_window: null };
  }
  const window = countOf(fields, "window_size") + 1;
  const types =
    type === "mix"
      ? grouped(count, countOf(fields, "layer_group_size"))
      : Array<LayerType>(count).fill("sliding_attention");
  return withUsedWindow(types, window);
}

/** Layer i is global when i % group is 0, else it sees `window` keys. */
export function groupedLayers(count: number, group: number, window: number): Layers {
  return withUsedWindow(grouped(count, group), window);
}

function grouped(count: number, group: number): LayerType[] {
  return Array.from({ length: count }, (_, i) => (i % group === 0 ? "full_attention" : "sliding_attention"));
}
