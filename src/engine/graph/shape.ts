import { ShapeError } from "../../errors.ts";
import type { DType } from "./dtype.ts";

/**
 * A size that is known, or a symbol ("T") that each run of a program gives a value: one program serves every
 * length.
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

export interface TensorType {
  dtype: DType;
  shape: Shape;
}

/** A shape as errors show it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** numpy's broadcasting. A symbol only matches itself or 1. Throws ShapeError that names the op. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new ShapeError(`${op}: expected shapes that broadcast, got ${showShape(a)} and ${showShape(b)}`);
  });
}
