/** The ids of a word, usually just one. */
type Ids = number | Int32Array;

/** How many words are kept, and the longest that are kept in UTF-16 units: about 40 MB. */
const maxWords = 200_000;
const maxLength = 64;

/**
 * Gives the ids of texts that are split into words. Each word is encoded once with `encode` and looked up
 * when it comes again, as most words do in any language.
 */
export function createWordCache(
  encode: (words: readonly string[]) => Promise<Int32Array[]>,
): (texts: readonly (readonly string[])[]) => Promise<Int32Array[]> {
  let known = new Map<string, Ids>();
  return async (texts) => {
    // Calls that are already running keep their own map.
    if (known.size >= maxWords) known = new Map();
    const kept = known;
    const fresh = new Map<string, Ids>();
    // Only one look-up per word: look-ups dominate the time for long texts.
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

/** A substring would keep the whole text in memory. */
function ownCopy(word: string): string {
  return word.length < 13 ? word : Buffer.from(word, "utf16le").toString("utf16le");
}
