import { arrayNames, type OptimizerRule } from "./rule.ts";
import { createRuleKernel, type RuleKernel } from "./rule-kernel.ts";

/** What one WebAssembly memory can have: 2¹⁶ pages of 64 KiB. */
const maxBytes = 2 ** 32;
/**
 * Every array takes whole pages and `staggerBytes` more. If the arrays of a tensor began at the same place in
 * their pages, a processor would take each store for one to an address that it is about to load from, and
 * wait: a step took three times as long.
 */
const pageBytes = 4096;
const staggerBytes = 1088;

/** The kernel of each memory that arrays lie in. */
const kernels = new WeakMap<ArrayBufferLike, RuleKernel>();

/**
 * The rule's kernel that can work on arrays where they lie; undefined unless they lie in its memory together.
 */
export function kernelOf(rule: OptimizerRule, arrays: readonly Float32Array[]): RuleKernel | undefined {
  const { buffer } = arrays[0]!;
  const kernel = arrays.every((array) => array.buffer === buffer) ? kernels.get(buffer) : undefined;
  return kernel?.rule === rule ? kernel : undefined;
}

/**
 * Zeros for tensors of these lengths: of each, one array for each of `arrayNames`, all in one memory in which
 * the rule's kernel works without copies. A tensor too large for any memory gets ordinary arrays.
 */
export function kernelArrays(rule: OptimizerRule, lengths: readonly number[]): Float32Array[][] {
  const count = arrayNames(rule).length;
  const bytesOf = (length: number): number => Math.ceil((length * 4) / pageBytes) * pageBytes + staggerBytes;
  const result: Float32Array[][] = [];
  for (let from = 0; from < lengths.length; ) {
    let to = from;
    let bytes = 0;
    while (to < lengths.length && bytes + count * bytesOf(lengths[to]!) <= maxBytes)
      bytes += count * bytesOf(lengths[to++]!);
    if (to === from) {
      const length = lengths[from++]!;
      result.push(Array.from({ length: count }, () => new Float32Array(length)));
      continue;
    }
    const kernel = createRuleKernel(rule, bytes);
    kernels.set(kernel.memory, kernel);
    let place = 0;
    for (const length of lengths.slice(from, to)) {
      const group: Float32Array[] = [];
      for (let i = 0; i < count; i++, place += bytesOf(length))
        group.push(new Float32Array(kernel.memory, place, length));
      result.push(group);
    }
    from = to;
  }
  return result;
}
