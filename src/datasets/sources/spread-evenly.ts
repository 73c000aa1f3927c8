/** A predicate called once per item in order; true for `limit` of `total`, spread evenly. */
export function evenly(total: number, limit: number): () => boolean {
  let seen = 0;
  return () => {
    const before = Math.floor((seen * limit) / total);
    seen++;
    return total <= limit || Math.floor((seen * limit) / total) > before;
  };
}
