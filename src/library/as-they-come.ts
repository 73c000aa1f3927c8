/** What a call is given so that its caller can follow it. */
export interface Following<Piece> {
  tell: (piece: Piece) => void;
  signal: AbortSignal;
}

/**
 * What a call tells as it comes, then its result. Leaving early aborts the call and waits until it has ended.
 */
export async function* asTheyCome<Piece, Result>(
  start: (following: Following<Piece>) => Promise<Result>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece, Result, undefined> {
  const leave = new AbortController();
  const pieces: Piece[] = [];
  let wake = () => {};
  let isOver = false;
  const result = start({
    signal: signal ? AbortSignal.any([signal, leave.signal]) : leave.signal,
    tell(piece) {
      pieces.push(piece);
      wake();
    },
  });
  const end = () => {
    isOver = true;
    wake();
  };
  const over = result.then(end, end);
  try {
    while (true) {
      while (pieces.length > 0) yield pieces.shift() as Piece;
      if (isOver) return await result;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    leave.abort();
    await over;
  }
}
