import { DataError } from "../../../errors.ts";
import type { Answered } from "../../../harness/respondent.ts";

/**
 * Answers to `count` requests as they come, at most `atOnce` under way. A request that cannot be made
 * (DataError) is answered by its error. After an error, or when nobody wants
 * more, none is begun; those under way are waited for, because they are paid for.
 */
export async function* asCompleted<A>(
  count: number,
  atOnce: number,
  answer: (place: number) => Promise<A | { error: string }>,
): AsyncGenerator<Answered<A>> {
  const underWay = new Map<number, Promise<Answered<A>>>();
  let next = 0;
  try {
    while (next < count || underWay.size > 0) {
      while (next < count && underWay.size < atOnce) {
        const place = next++;
        underWay.set(
          place,
          answer(place)
            .catch(errorOf)
            .then((own) => ({ place, answer: own })),
        );
      }
      const done = await Promise.race(underWay.values());
      underWay.delete(done.place);
      yield done;
    }
  } finally {
    await Promise.allSettled(underWay.values());
  }
}

function errorOf(error: unknown): { error: string } {
  if (error instanceof DataError) return { error: error.message };
  throw error;
}
