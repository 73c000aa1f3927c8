/**
 * How many elements a tensor of this shape has: 1 for [], a scalar. For a shape read from a damaged file it
 * may be above 2^53, or Infinity.
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dim) => count * dim, 1);
}
