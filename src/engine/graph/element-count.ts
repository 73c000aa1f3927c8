/**
 * How many elements a tensor of this shape has: 1 for [], a scalar. May be Infinity, or past 2^53, where a
 * file says nonsense.
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dim) => count * dim, 1);
}
