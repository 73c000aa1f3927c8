/** The ids of a word: mostly it is one. */
type Ids = number | Int32Array;

/** Words kept, and the longest of them in UTF-16 units: some 40 MB. */
const maxWords = 200_000;
const maxLength = 64;

/**
 * Ids of texts that are cut into words: each word goes to `encode` once, and is looked up when it comes again, which
 * in any language most words do.
 */
export function createWordCache(
  encode: (words: readonly string[]) => Promise<Int32Array[]>,
): (texts: readonly (readonly string[])[]) => Promise<Int32Array[]> {
  let known = new Map<string, Ids>();
  return async (texts) => {
    // Calls under way keep the one that they began with.
    if (known.size >= maxWords) known = new Map();
    const kept = known;
    const fresh = new Map<string, Ids>();
    // One look-up a word: it is what a long text costs.
    const found = texts.map((words) =>
      words.map((word) => {
        const ids = kept.get(word);
        if (ids === undefined) fresh.set(word, 0);
        return ids;
      }),
    );
    const unknown = [...fresh.keys()];
    for (const [i, ids] of (await encode(unknown)).entries()) {
      const word = unknown[i]!;
      const value = ids.length === 1 ? ids[0]! : ids;
      fresh.set(word, value);
      if (word.length <= maxLength) kept.set(ownCopy(word), value);
    }
    return texts.map((words, n) => {
      const parts = found[n]!.map((ids, i) => ids ?? fresh.get(words[i]!)!);
      const ids = new Int32Array(
        parts.reduce<number>((n, part) => n + (typeof part === "number" ? 1 : part.length), 0),
      );
      let at = 0;
      for (const part of parts) {
        if (typeof part === "number") ids[at++] = part;
        else {
          ids.set(part, at);
          at += part.length;
        }
      }
      return ids;
    });
  };
}

/** A piece of a text would keep all of the text in memory. */
function ownCopy(word: string): string {
  return word.length < 13 ? word : Buffer.from(word, "utf16le").toString("utf16le");
}
