import type { Device, Tensor } from "../../engine/device.ts";
import { elementCount } from "../../engine/graph/element-count.ts";
import { Graph } from "../../engine/graph/graph.ts";
import { mul } from "../../engine/ops/mul.ts";
import { reduceSum } from "../../engine/ops/reduce-sum.ts";
import { compile } from "../../engine/program.ts";
import { byRows } from "../../model/layers/row-chunks.ts";

/**
 * Euclidean norm over all gradients together, tensors of any shape. The device sums the squares of each row
 * in float32; the rows' sums come to the host and are added in float64. A large matrix goes in pieces, as its
 * squares take memory.
 */
export async function globalNorm(device: Device, gradients: Iterable<Tensor>): Promise<number> {
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

/**
 * What gradients are multiplied by so that their norm is at most `maxNorm` (0: no clipping).
 * As torch.nn.utils.clip_grad_norm_: maxNorm / (norm + 1e-6), at most 1.
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
}
