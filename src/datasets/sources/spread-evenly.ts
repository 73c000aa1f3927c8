/** Says of one thing after the other, `total` in all, whether it is among `limit` that are spread evenly over them. */
export function evenly(total: number, limit: number): () => boolean {
  let seen = 0;
  return () => {
    const before = Math.floor((seen * limit) / total);
    seen++;
    return total <= limit || Math.floor((seen * limit) / total) > before;
  };
}
