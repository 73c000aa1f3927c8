import type { Example } from "../../contracts/example.ts";
import type { Truncate } from "../../contracts/recipe/eval.ts";
import { DataError } from "../../errors.ts";
import type { Item, Prepared, Question } from "../benchmark.ts";

/** A prompt that leaves no room for its answer, where `eval.truncate` says that nothing is to be cut. */
export class OverLength extends DataError {
  readonly tokens: number;
  readonly room: number;

  constructor(id: string, tokens: number, room: number) {
    super(`${id}: expected a prompt of at most ${room} tokens, got ${tokens}`);
    this.tokens = tokens;
    this.room = room;
  }
}

/** Why rows are left out where they are too long. */
export const tooLongReason = "too long (eval.truncate: skip)";

/**
 * One item for each example. One that cannot be made fails when it is asked, so that it is recorded and
 * counted. One that is too long where nothing is to be cut is left out and counted (`skip`), or ends it all
 * before anything is asked, with a DataError (`error`).
 */
export async function itemsOf<E extends Pick<Example, "id">>(
  examples: readonly E[],
  truncate: Truncate,
  make: (example: E) => Promise<Question>,
): Promise<Prepared> {
  const items: Item[] = [];
  const tooLong: OverLength[] = [];
  for (const example of examples) {
    const { id } = example;
    const item = await make(example).catch((error: unknown) => {
      if (error instanceof OverLength) {
        tooLong.push(error);
        return undefined;
      }
      return { isShortened: false, inputHash: "", ask: () => Promise.reject(error) };
    });
    if (item) items.push({ id, ...item });
  }
  if (tooLong.length === 0) return { items, skipped: {} };
  if (truncate === "error") throw allTooLong(tooLong, examples.length);
  return { items, skipped: { [tooLongReason]: tooLong.length } };
}

function allTooLong(tooLong: readonly OverLength[], rows: number): DataError {
  const longest = tooLong.reduce((most, one) => (one.tokens > most.tokens ? one : most));
  return new DataError(
    `eval.truncate: error: ${longest.message}, the longest of ${tooLong.length} of ${rows} that are too long. ` +
      "Raise eval.max_seq_tokens, or choose what is to be cut",
  );
}
