import type { Split } from "../../contracts/example.ts";

/** The words by which the Hub's `datasets` knows a split in a file's name. */
const splitWords: Readonly<Record<Split, readonly string[]>> = {
  train: ["train", "training"],
  validation: ["validation", "valid", "val", "dev"],
  test: ["test", "testing", "eval", "evaluation"],
};

/**
 * The split that is a word of the name, the last one if there are several:
 * `data/train-00000-of-00002.parquet`.
 */
export function splitIn(name: string): Split | null {
  const words = name.toLowerCase().split(/[^a-z]+/);
  for (const word of words.toReversed()) {
    const split = splitOfWord(word);
    if (split !== null) return split;
  }
  return null;
}

/** The split that a word stands for by itself. */
export function splitOfWord(word: string): Split | null {
  const found = Object.entries(splitWords).find(([, words]) => words.includes(word.toLowerCase()));
  return found ? (found[0] as Split) : null;
}
