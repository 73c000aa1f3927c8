import { readVendored } from "../../datasets/vendored.ts";

/** Running text that ships, as words, to hide needles in. */
export interface TextHay {
  words: number;
  /** Where sentences begin, as places of words, rising; the first is 0. */
  sentences: readonly number[];
  /** `count` words from word `from` on, one blank between them; after the end it goes on at the beginning. */
  slice(from: number, count: number): string;
}

/** Words that a full stop follows inside a sentence. */
const titles = /(?:^|[^A-Za-z])(?:Mr|Mrs|Ms|Dr|St|Capt|Col|Gen|Hon|Rev|Messrs|Prof|vs|etc|No|[A-Z])\.$/;

export function textHay(text: string): TextHay {
  const clean = text.replace(/\s+/g, " ").trim();
  const starts: number[] = [0];
  for (let at = clean.indexOf(" "); at >= 0; at = clean.indexOf(" ", at + 1)) starts.push(at + 1);
  const endOf = (word: number): number => (starts[word + 1] ?? clean.length + 1) - 1;
  const sentences = [0];
  for (let word = 1; word < starts.length; word++) {
    const [start, end] = [starts[word - 1]!, endOf(word - 1)];
    const before = clean.slice(start, end);
    const isEnd = /[.!?]["'”’)\]]*$/.test(before) && !titles.test(before);
    if (isEnd && /[\p{Lu}\d"'“‘(]/u.test(clean[starts[word]!]!)) sentences.push(word);
  }
  return {
    words: starts.length,
    sentences,
    slice(from, count) {
      const parts: string[] = [];
      let [at, left] = [from % starts.length, count];
      while (left > 0) {
        const own = Math.min(left, starts.length - at);
        parts.push(clean.slice(starts[at]!, endOf(at + own - 1)));
        [at, left] = [0, left - own];
      }
      return parts.join(" ");
    },
  };
}

/** Herman Melville's Moby-Dick, in reading order: 212,000 words, of which no needle is made. */
export async function shippedHay(): Promise<TextHay> {
  return textHay((await shippedTexts()).join("\n"));
}

/** Words of the book that people are hurt by, and an oath. */
const unwanted = /^(?:n[ie]g(?:g|r)|damn)/;
/** So many of the most frequent words are no words to look out for: "that", "with", "from". */
const tooFrequent = 200;

/**
 * Words to make lists of: those of the same book that stand in lower case in it at least twice and have 4 to
 * 12 letters, in alphabetical order; not the most frequent ones.
 */
export async function shippedWords(): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const text of await shippedTexts())
    for (const [word] of text.matchAll(/(?<![\p{L}’'-])[a-z]{4,12}(?![\p{L}’'-])/gu))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  const byCount = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(tooFrequent);
  return byCount.flatMap(([word, count]) => (count > 1 && !unwanted.test(word) ? [word] : [])).sort();
}

async function shippedTexts(): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of readVendored<{ text: string }>("moby-dick")) texts.push(text);
  return texts;
}
