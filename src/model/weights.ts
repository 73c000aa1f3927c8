import type { Device, HostArray, Tensor } from "../engine/device.ts";
import type { ZebraConfig } from "./config/config.ts";

/** The linear modules of a layer: the names that adapters use, and their paths in a layer's tensor names. */
export const layerModules = {
  q_proj: "self_attn.q_proj",
  k_proj: "self_attn.k_proj",
  v_proj: "self_attn.v_proj",
  o_proj: "self_attn.o_proj",
  gate_proj: "mlp.gate_proj",
  up_proj: "mlp.up_proj",
  down_proj: "mlp.down_proj",
} as const;

export type LayerModule = keyof typeof layerModules;
export type LayerWeight = LayerModule | "input_layernorm" | "post_attention_layernorm";

/** A layer's weights in the order of a checkpoint. */
export const layerWeights = [
  "input_layernorm",
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "post_attention_layernorm",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const satisfies readonly LayerWeight[];

export const embeddingName = "model.embed_tokens.weight";
export const finalNormName = "model.norm.weight";

/** The name of the tensor that the head multiplies by. */
export function headName(config: ZebraConfig): string {
  return config.tie_word_embeddings ? embeddingName : "lm_head.weight";
}

/** `model.layers.3.self_attn.q_proj.weight` for layer 3, q_proj. */
export function layerWeightName(layer: number, weight: LayerWeight): string {
  const path = weight in layerModules ? layerModules[weight as LayerModule] : weight;
  return `model.layers.${layer}.${path}.weight`;
}

/** `model.layers.3.self_attn.q_proj.lora_A.weight`: [R, in] for A, [out, R] for B. */
export function loraName(layer: number, module: LayerModule, side: "A" | "B"): string {
  return `model.layers.${layer}.${layerModules[module]}.lora_${side}.weight`;
}

/** Shape of a layer's weight: [out, in], or [D] for a norm. */
export function layerWeightShape(config: ZebraConfig, weight: LayerWeight): [number, number] | [number] {
  const { hidden_size: D, intermediate_size: F, head_dim: H } = config;
  const queries = config.num_attention_heads * H;
  const keys = config.num_key_value_heads * H;
  switch (weight) {
    case "q_proj":
      return [queries, D];
    case "k_proj":
    case "v_proj":
      return [keys, D];
    case "o_proj":
      return [D, queries];
    case "gate_proj":
    case "up_proj":
      return [F, D];
    case "down_proj":
      return [D, F];
    default:
      return [D];
  }
}

/** Named tensors on one device: weights, gradients or moments. */
export class TensorStore {
  readonly device: Device;
  private readonly tensors = new Map<string, Tensor>();

  constructor(device: Device) {
    this.device = device;
  }

  get names(): string[] {
    return [...this.tensors.keys()];
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** Throws where there is none of that name. */
  get(name: string): Tensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`tensor store: expected ${name}, got none of that name`);
    return tensor;
  }

  /** Uploads values of this shape, row-major. */
  set(name: string, data: HostArray, shape: readonly number[]): void {
    this.tensors.set(name, this.device.upload(data, shape));
  }

  /** Replaces a tensor by one that is on the device. */
  adopt(name: string, tensor: Tensor): void {
    this.tensors.set(name, tensor);
  }

  /** Zeros in the shapes of another store's tensors of these names. */
  static zerosLike(other: TensorStore, names: readonly string[]): TensorStore {
    const store = new TensorStore(other.device);
    for (const name of names) store.tensors.set(name, other.device.zeros(other.get(name).shape));
    return store;
  }
}
