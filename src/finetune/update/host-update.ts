import { kernelArrays, kernelOf } from "./kernel-memory.ts";
import type { OptimizerRule } from "./rule.ts";
import type { RuleKernel } from "./rule-kernel.ts";

/**
 * Arrays outside a kernel's memory are copied to it in pieces of this many values, which stay in the
 * second-level cache.
 */
export const copiedValues = 8192;

/** The arrays of each rule that pieces are copied to. */
const scratches = new WeakMap<OptimizerRule, Float32Array[]>();

/**
 * One update of one tensor in host memory; clears the gradient. `arrays`: those of `arrayNames`, of one
 * length. Computes in float32, as torch does: in place if `kernelArrays` made the arrays, else on copies.
 */
export function updateOnHost(
  rule: OptimizerRule,
  arrays: readonly Float32Array[],
  scalars: Readonly<Record<string, number>>,
): void {
  const run = (kernel: RuleKernel, on: readonly Float32Array[], count: number): void => {
    const places = on.map(({ byteOffset }) => byteOffset);
    kernel.run(places, count, scalars);
  };
  const { length } = arrays[0]!;
  const own = kernelOf(rule, arrays);
  if (own) {
    run(own, arrays, length);
    return;
  }
  const scratch = scratches.get(rule) ?? kernelArrays(rule, [copiedValues])[0]!;
  scratches.set(rule, scratch);
  const kernel = kernelOf(rule, scratch)!;
  for (let start = 0; start < length; start += copiedValues) {
    const pieces = arrays.map((array) => array.subarray(start, start + copiedValues));
    for (const [i, piece] of pieces.entries()) scratch[i]!.set(piece);
    run(kernel, scratch, pieces[0]!.length);
    for (const [i, piece] of pieces.entries()) piece.set(scratch[i]!.subarray(0, piece.length));
  }
}
