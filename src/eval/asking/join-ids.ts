/** One list of ids after the other. A spread would not do: a call takes some 100,000 arguments at most. */
export function joinIds(first: ArrayLike<number>, second: ArrayLike<number>): Int32Array {
  const joined = new Int32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
