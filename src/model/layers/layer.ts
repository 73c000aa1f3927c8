import type { Device } from "../../engine/device.ts";
import { type Definition, type Differentiable, differentiable } from "../../engine/graph/differentiable.ts";
import type { Graph, Value } from "../../engine/graph/graph.ts";
import type { Dim } from "../../engine/graph/shape.ts";
import { add } from "../../engine/ops/add.ts";
import { matmul } from "../../engine/ops/matmul.ts";
import { mul } from "../../engine/ops/mul.ts";
import { rmsNorm } from "../../engine/ops/rms-norm.ts";
import { rope } from "../../engine/ops/rope.ts";
import { silu } from "../../engine/ops/silu.ts";
import { slice } from "../../engine/ops/slice.ts";
import { transpose } from "../../engine/ops/transpose.ts";
import type { ZebraConfig } from "../config/config.ts";
import { type LayerModule, type LayerWeight, layerWeightShape } from "../weights.ts";
import { jointName } from "./joint-weights.ts";

/**
 * A decoder layer around its attention: `before` takes the residual stream to queries, keys and values,
 * `after` takes what attention made of them back into the stream and through the feed-forward part. Weights
 * are feeds by their short names (`q_proj`), adapters are `q_proj.A` and `q_proj.B`. Shapes: see network.ts.
 */
export interface LayerPrograms {
  /**
   * x [T, D], positions int32 [T], cos and sin [P, H/2] → q [T, N·H], k and v [T, K·H]. The backward program
   * also takes `d.x` [T, D], the cotangent that reaches x past the layer.
   */
  before: Differentiable;
  /** x [T, D], o [T, N·H] → y [T, D]. */
  after: Differentiable;
}

/** Which weights are trained, and how. */
export type Training =
  | { kind: "none" }
  | { kind: "full" }
  | { kind: "lora"; r: number; alpha: number; modules: readonly LayerModule[] };

/** x [T, in] times weight [out, in] transposed → [T, out]. */
export type Product = (x: Value, weight: Value) => Value;

export const byRow: Product = (x, weight) => matmul(x, weight, { transB: true });

/** The same, faster where x has few rows: see `Device.packsRight`. */
export const byColumn: Product = (x, weight) => transpose(matmul(weight, x, { transB: true }), [1, 0]);

/** How a layer is written down as a graph. The values are the same in every form. */
export interface LayerForm {
  config: ZebraConfig;
  training: Training;
  product: Product;
  /** Modules of the same rows are one product, and their weights one feed: see joint-weights.ts. */
  isJoined: boolean;
}

export async function compileLayer(
  device: Device,
  config: ZebraConfig,
  training: Training,
): Promise<LayerPrograms> {
  const form: LayerForm = { config, training, product: byRow, isJoined: false };
  return {
    before: await differentiable(device, "layer before attention", (graph) => defineBefore(graph, form)),
    after: await differentiable(device, "layer after attention", (graph) => defineAfter(graph, form)),
  };
}

/** The graph of `LayerPrograms.before`. */
export function defineBefore(graph: Graph, form: LayerForm): Definition {
  const scope = layerScope(graph, form);
  const x = graph.input("x", ["T", form.config.hidden_size]);
  const outputs = beforeAttention(scope, x, "T");
  return { outputs, trained: scope.trained, active: scope.active({ x }), bypass: { x } };
}

/** The graph of `LayerPrograms.after`. */
export function defineAfter(graph: Graph, form: LayerForm): Definition {
  const { config } = form;
  const scope = layerScope(graph, form);
  const x = graph.input("x", ["T", config.hidden_size]);
  const o = graph.input("o", ["T", config.num_attention_heads * config.head_dim]);
  const y = afterAttention(scope, x, o);
  return { outputs: { y }, trained: scope.trained, active: scope.active({ x, o }) };
}

/**
 * x [rows, D] → q [rows, N·H], k and v [rows, K·H]; `positions` [rows], `cos` and `sin` [P, H/2] become
 * inputs.
 */
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
  const [gate, up] = scope.linears(normed, ["gate_proj", "up_proj"]) as [Value, Value]; // [rows, F]
  return add(middle, scope.linear(mul(silu(gate), up), "down_proj"));
}

/** The weights of one layer as graph inputs, made when they are first used, and which of them are trained. */
export interface LayerScope {
  graph: Graph;
  config: ZebraConfig;
  /** By feed name. */
  trained: Record<string, Value>;
  /** [out, in], or [D] for a norm. */
  weight(name: LayerWeight): Value;
  /** x [rows, in] → [rows, out]. */
  linear(x: Value, name: LayerModule): Value;
  /** Several modules of the same rows: x [rows, in] → [rows, out] of each. */
  linears(x: Value, names: readonly LayerModule[]): Value[];
  /** The inputs whose cotangents are wanted: none where nothing is trained. */
  active(values: Record<string, Value>): Record<string, Value>;
}

export function layerScope(graph: Graph, { config, training, product, isJoined }: LayerForm): LayerScope {
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
    const low = matmul(x, a, { transB: true }); // [rows, R]
    return add(y, matmul(low, b, { transB: true, alpha: training.alpha / training.r }));
  };
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
  const active = (values: Record<string, Value>) => (training.kind === "none" ? {} : values);
  return { graph, config, trained, weight, linear, linears, active };
}
