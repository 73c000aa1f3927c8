import type { Tokenizer } from "./tokenizer.ts";

/**
 * Turns ids into text one by one. A character spread over several tokens is written with its last token. Each
 * piece is decoded together with the piece before it, because some decoders remove the space that a text
 * begins with.
 */
export function createTextStream(tokenizer: Pick<Tokenizer, "decode">, write: (text: string) => void) {
  let before: number[] = [];
  let pending: number[] = [];
  const decode = (ids: number[]) => tokenizer.decode(ids, { skipSpecial: true });
  let work = Promise.resolve();
  const flush = async (isLast: boolean): Promise<void> => {
    const text = await decode([...before, ...pending]);
    if (text.endsWith("\ufffd") && !isLast) return;
    write(text.slice((await decode(before)).length));
    before = pending;
    pending = [];
  };
  return {
    /** Decodes in the background, in the order of the ids. */
    add(id: number) {
      work = work.then(() => {
        pending.push(id);
        return flush(false);
      });
    },
    /** Resolves when everything is written. */
    async end(): Promise<void> {
      await work;
      if (pending.length > 0) await flush(true);
    },
  };
}
