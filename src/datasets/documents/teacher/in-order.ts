/**
 * The results of `work` in the order of `items`, with at most `ahead` of them begun and not yet given out. When it
 * ends early, whatever the reason, `halt` is called and all work that was begun is waited for.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
  halt: () => void,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // Its failure is met when it is its turn; until then it is not unhandled.
      result.catch(() => {});
      begun.push(result);
      if (begun.length >= ahead) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    halt();
    await Promise.allSettled(begun);
  }
}

/** Runs at most `most` of what it is given at a time, first come, first served. */
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
