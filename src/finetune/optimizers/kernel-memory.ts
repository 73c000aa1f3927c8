import { type AdamwKernel, createAdamwKernel } from "./adamw-kernel.ts";

/** What one WebAssembly memory can have: 2¹⁶ pages of 64 KiB. */
const maxBytes = 2 ** 32;
/**
 * Every array takes whole pages and so many bytes more: were the four of a tensor at one place in their pages, each
 * store would seem to a processor to touch what it is about to load from another, and a step took three times as long.
 */
const pageBytes = 4096;
const staggerBytes = 1088;

/** The kernel of each memory that arrays lie in. */
const kernels = new WeakMap<ArrayBufferLike, AdamwKernel>();

/** The kernel that can work on arrays where they lie: undefined where they do not lie in its memory together. */
export function kernelOf(arrays: readonly Float32Array[]): AdamwKernel | undefined {
  const { buffer } = arrays[0]!;
  return arrays.every((array) => array.buffer === buffer) ? kernels.get(buffer) : undefined;
}

/**
 * Zeros for all groups of arrays, each group of `count` arrays of one length and in one memory, in which AdamW's kernel
 * works without copies. A group too large for any memory gets arrays of its own.
 */
export function adamwArraysOf(lengths: readonly number[], count: number): Float32Array[][] {
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
    const kernel = createAdamwKernel(bytes);
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
