/**
 * Orders by the first id that differs, and a text before its continuations, so that texts that begin alike
 * are neighbours.
 */
export function compareIds(a: Int32Array, b: Int32Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
