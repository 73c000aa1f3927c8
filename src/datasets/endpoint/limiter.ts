/** A function that runs work, at most `most` at a time, first come, first served. */
export function limiter(most: number): <R>(work: () => Promise<R>) => Promise<R> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
