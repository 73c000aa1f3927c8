import type { Device } from "../../engine/device.ts";
import { type Definition, type Differentiable, differentiable } from "../../engine/differentiable.ts";
import type { Graph, Value } from "../../engine/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { matmul } from "../../engine/ops/matmul.ts";
import { mul } from "../../engine/ops/mul.ts";
import { rmsNorm } from "../../engine/ops/rms-norm.ts";
import { rope } from "../../engine/ops/rope.ts";
import { silu } from "../../engine/ops/silu.ts";
import { slice } from "../../engine/ops/slice.ts";
import { transpose } from "../../engine/ops/transpose.ts";
import type { Dim } from "../../engine/shape.ts";
import type { ZebraConfig } from "../config/config.ts";
import { type LayerModule, type LayerWeight, layerWeightShape } from "../weights.ts";
import { jointName } from "./joint-weights.ts";

/**
 * A decoder layer around its attention: `before` takes the residual stream to queries, keys and values;
 * `after` takes what attention made of them back into the stream and through the feed-forward part.
 * Legend: T tokens, D width, N heads, K kv heads, H head dim, F ffn, R LoRA rank.
 */
export interface LayerPrograms {
  /** x [T, D], positions int32 [T], cos, sin [P, H/2] → q [T, N·H], k, v [T, K·H]. Backward takes d.x, the residual's. */
  before: Differentiable;
  /** x [T, D], o [T, N·H] → y [T, D]. */
  after: Differentiable;
}

/** Which weights of a layer are trained, and how. */
export type Training =
  | { kind: "none" }
  | { kind: "full" }
  | { kind: "lora"; r: number; alpha: number; modules: readonly LayerModule[] };

/** x [T, W] times weight [out, W] transposed → [T, out]. */
export type Product = (x: Value, weight: Value) => Value;

export const byRow: Product = (x, weight) => matmul(x, weight, { transB: true });

/** The same for few rows, see `Device.packsRight`. */
export const byColumn: Product = (x, weight) => transpose(matmul(weight, x, { transB: true }), [1, 0]);

/** Feed names are a layer's short weight names, adapters are `q_proj.A` and `q_proj.B`. */
export async function compileLayer(
  device: Device,
  config: ZebraConfig,
  training: Training,
): Promise<LayerPrograms> {
  return {
    before: await differentiable(device, "layer before attention", (graph) =>
      defineBefore(graph, config, training),
    ),
    after: await differentiable(device, "layer after attention", (graph) =>
      defineAfter(graph, config, training),
    ),
  };
}

export function defineBefore(
  graph: Graph,
  config: ZebraConfig,
  training: Training,
  product = byRow,
  isJoined = false,
): Definition {
  const scope = layerScope(graph, config, training, product, isJoined);
  const x = graph.input("x", ["T", config.hidden_size]);
  const outputs = beforeAttention(scope, x, "T");
  return { outputs, trained: scope.trained, active: scope.active({ x }), bypass: { x } };
}

export function defineAfter(
  graph: Graph,
  config: ZebraConfig,
  training: Training,
  product = byRow,
  isJoined = false,
): Definition {
  const scope = layerScope(graph, config, training, product, isJoined);
  const x = graph.input("x", ["T", config.hidden_size]);
  const o = graph.input("o", ["T", config.num_attention_heads * config.head_dim]);
  const y = afterAttention(scope, x, o);
  return { outputs: { y }, trained: scope.trained, active: scope.active({ x, o }) };
}

/** x [rows, D] → q [rows, N·H], k, v [rows, K·H]; `positions` [rows], `cos` and `sin` [P, H/2] become inputs. */
export function beforeAttention(scope: LayerScope, x: Value, rows: Dim): { q: Value; k: Value; v: Value } {
  const { graph, config } = scope;
  const half = config.head_dim / 2;
  const positions = graph.input("positions", [rows], "int32");
  const cos = graph.input("cos", ["P", half]);
  const sin = graph.input("sin", ["P", half]);
  const normed = rmsNorm(x, scope.weight("input_layernorm"), config.rms_norm_eps);
  const [q, k, v] = scope.linears(normed, ["q_proj", "k_proj", "v_proj"]) as [Value, Value, Value];
  return { q: rope(q, positions, cos, sin), k: rope(k, positions, cos, sin), v };
}

/** x [rows, D], o [rows, N·H] → y [rows, D]. */
export function afterAttention(scope: LayerScope, x: Value, o: Value): Value {
  const middle = add(x, scope.linear(o, "o_proj")); // [rows, D]
  const normed = rmsNorm(middle, scope.weight("post_attention_layernorm"), scope.config.rms_norm_eps);
  const [gate, up] = scope.linears(normed, ["gate_proj", "up_proj"]) as [Value, Value];
  return add(middle, scope.linear(mul(silu(gate), up), "down_proj")); // [rows, F] inside
}

export type LayerScope = ReturnType<typeof layerScope>;

/** The weights of one layer as graph inputs, and which of them are trained. */
export function layerScope(
  graph: Graph,
  config: ZebraConfig,
  training: Training,
  product: Product,
  isJoined = false,
) {
  const trained: Record<string, Value> = {};
  const input = (name: string, shape: readonly number[], isTrained: boolean): Value => {
    const value = graph.input(name, shape);
    if (isTrained) trained[name] = value;
    return value;
  };
  const weight = (name: LayerWeight): Value =>
    input(name, layerWeightShape(config, name), training.kind === "full");

  /** x Wᵀ, plus (alpha / R) x Aᵀ Bᵀ where the module has an adapter (arXiv 2106.09685). */
  const linear = (x: Value, name: LayerModule): Value => {
    const y = product(x, weight(name));
    if (training.kind !== "lora" || !training.modules.includes(name)) return y;
    const [out, width] = layerWeightShape(config, name) as [number, number];
    const a = input(`${name}.A`, [training.r, width], true);
    const b = input(`${name}.B`, [out, training.r], true);
    const low = matmul(x, a, { transB: true }); // [T, R]
    return add(y, matmul(low, b, { transB: true, alpha: training.alpha / training.r }));
  };
  /** Several modules of the same rows: in one product where their weights lie together, see joined.ts. */
  const linears = (x: Value, names: readonly LayerModule[]): Value[] => {
    if (!isJoined) return names.map((name) => linear(x, name));
    const [outs, width] = [names.map((name) => layerWeightShape(config, name)[0]), config.hidden_size];
    const all = product(x, graph.input(jointName(names), [outs.reduce((sum, out) => sum + out, 0), width]));
    let end = 0;
    return outs.map((out) => {
      end += out;
      return slice(all, 1, end - out, end);
    });
  };
  return {
    graph,
    config,
    trained,
    weight,
    linear,
    linears,
    active: (values: Record<string, Value>): Record<string, Value> =>
      training.kind === "none" ? {} : values,
  };
}
