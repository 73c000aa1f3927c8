/**
 * The results of `work` in the order of `items`. At most `ahead` of them are begun and not yet given out. At
 * the end, also an early one, `halt` is called and all work that was begun is waited for.
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
      // An error is thrown when its turn comes; until then it counts as handled.
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
