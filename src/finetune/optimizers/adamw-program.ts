import type { Device, Tensor } from "../../engine/device.ts";
import { elementCount } from "../../engine/element-count.ts";
import { Graph, type Value } from "../../engine/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { mul, scale } from "../../engine/ops/mul.ts";
import { reciprocal } from "../../engine/ops/reciprocal.ts";
import { reduceSum } from "../../engine/ops/reduce-sum.ts";
import { sqrt } from "../../engine/ops/sqrt.ts";
import { sub } from "../../engine/ops/sub.ts";
import { compile } from "../../engine/program.ts";
import { byRows } from "../../model/layers/row-chunks.ts";
import type { AdamwSettings, AdamwStep } from "./adamw.ts";

/** One trained tensor with its gradient and moments, where the device computes. */
export interface AdamwTensors {
  values: Tensor;
  gradient: Tensor;
  m: Tensor;
  v: Tensor;
}

/**
 * Euclidean norm over all gradients together. The device sums the squares of each row in float32; the rows'
 * sums come to the host and are added in float64. A large matrix goes in pieces, as its squares take memory.
 */
export async function globalNormOn(device: Device, gradients: Iterable<Tensor>): Promise<number> {
  const graph = new Graph();
  const x = graph.input("x", ["T", "C"]);
  const squares = await compile(device, "squares of a gradient", { sums: reduceSum(mul(x, x), [1]) });
  let total = 0;
  for (const gradient of gradients) {
    const rows = gradient.shape.length >= 2 ? gradient.shape[0]! : 1;
    const x = device.reshape(gradient, [rows, elementCount(gradient.shape) / rows]);
    const { sums } = await byRows(device, squares, { x });
    for (const sum of await device.read(sums!)) total += sum;
    device.release(sums!);
  }
  return Math.sqrt(total);
}

/** `adamwStep` of adamw.ts as a program: the tensors never leave the device, and the gradient stays as it is. */
export async function adamwStepOn(
  device: Device,
  tensors: AdamwTensors,
  settings: AdamwSettings,
  at: AdamwStep,
): Promise<void> {
  const program = await compile(device, "AdamW", defineAdamw(settings));
  const scalar = (value: number): Tensor => device.upload(Float32Array.of(value), [1]);
  const flat = (tensor: Tensor): Tensor => device.reshape(tensor, [elementCount(tensor.shape)]);
  const [values, m, v] = [flat(tensors.values), flat(tensors.m), flat(tensors.v)];
  await program.run(
    {
      values,
      m,
      v,
      gradient: flat(tensors.gradient),
      scale: scalar(at.scale),
      keep: scalar(1 - (at.isDecayed ? at.lr * settings.weight_decay : 0)),
      stepSize: scalar(at.lr / (1 - settings.adam_beta1 ** at.step)),
      rootScale: scalar(1 / Math.sqrt(1 - settings.adam_beta2 ** at.step)),
    },
    { "new.values": values, "new.m": m, "new.v": v },
  );
}

function defineAdamw({
  adam_beta1: beta1,
  adam_beta2: beta2,
  adam_eps,
}: AdamwSettings): Record<string, Value> {
  const graph = new Graph();
  const [values, gradient, m, v] = ["values", "gradient", "m", "v"].map((name) =>
    graph.input(name, ["N"]),
  ) as [Value, Value, Value, Value];
  const scalar = (name: string): Value => graph.input(name, [1]);
  const g = mul(gradient, scalar("scale"));
  const first = add(scale(m, beta1), scale(g, 1 - beta1));
  const second = add(scale(v, beta2), scale(mul(g, g), 1 - beta2));
  const root = add(mul(sqrt(second), scalar("rootScale")), graph.constant(adam_eps));
  const change = mul(mul(first, scalar("stepSize")), reciprocal(root));
  return { "new.values": sub(mul(values, scalar("keep")), change), "new.m": first, "new.v": second };
}
