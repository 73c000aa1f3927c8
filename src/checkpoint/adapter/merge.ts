import { CheckpointError } from "../../errors.ts";
import { type Checkpoint, expectedTensors } from "../checkpoint.ts";
import { throwProblems } from "../problems.ts";
import type { Adapter } from "./adapter.ts";

/**
 * W + scale · B·A, summed in float64: weight [out, in], a [R, in], b [out, R], r = R → a new array [out, in].
 * Throws CheckpointError where the sizes do not fit. Source: "LoRA", arXiv 2106.09685.
 */
export function mergeAdapter(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  r: number,
  scale: number,
): Float32Array {
  const width = a.length / r;
  const height = b.length / r;
  if (!Number.isInteger(width) || !Number.isInteger(height) || weight.length !== width * height) {
    throw new CheckpointError(
      `merge: expected a weight of ${height} × ${width} values for an adapter of rank ${r}, ` +
        `got ${weight.length} values. Check that the adapter belongs to this model.`,
    );
  }
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(width);
  for (let o = 0; o < height; o++) {
    row.fill(0);
    for (let k = 0; k < r; k++) {
      const factor = b[o * r + k]!;
      for (let i = 0; i < width; i++) row[i]! += factor * a[k * width + i]!;
    }
    for (let i = 0; i < width; i++) merged[o * width + i] = weight[o * width + i]! + scale * row[i]!;
  }
  return merged;
}

/**
 * A checkpoint with an adapter merged into it: each tensor is merged when it is read. Closing it closes the
 * checkpoint. Throws CheckpointError where the adapter is for tensors that the checkpoint does not have, or
 * not in this shape.
 */
export function withAdapter(checkpoint: Checkpoint, adapter: Adapter): Checkpoint {
  const shapes = new Map(expectedTensors(checkpoint.config).map(({ name, shape }) => [name, shape]));
  const problems: string[] = [];
  for (const [weight, { a, b }] of adapter.pairs) {
    const shape = shapes.get(weight);
    const [out, width] = [b.length / adapter.r, a.length / adapter.r];
    if (shape === undefined) {
      problems.push(`tensor "${weight}": expected it here, as the adapter adapts it, got no such tensor`);
    } else if (shape[0] !== out || shape[1] !== width) {
      problems.push(
        `tensor "${weight}": expected an adapter for [${shape.join(", ")}], got one for [${out}, ${width}]`,
      );
    }
  }
  throwProblems(checkpoint.dir, problems, "Check that the adapter belongs to this model.");
  return {
    ...checkpoint,
    async readTensor(name) {
      const tensor = await checkpoint.readTensor(name);
      const pair = adapter.pairs.get(name);
      return pair
        ? { ...tensor, data: mergeAdapter(tensor.data, pair.a, pair.b, adapter.r, adapter.scale) }
        : tensor;
    },
  };
}
