import { hash } from "node:crypto";
import type { Split } from "../contracts/example.ts";

/** Decides the split of an example. `split` is that of its file, where the whole file is held out. */
export type SplitFor = (draft: { document: string; split?: Split }) => Split;

/** Default held-out shares; the shipped tokenizer and checkpoints were trained without these documents. */
export const defaultSplit = { validation: 0.04, test: 0.06 } as const;

/**
 * The split of a document, from its id alone: no seed, no order, no other documents. So a document that is
 * held out in one recipe is held out in every recipe with the same shares, and a larger `test` share only
 * adds documents. `scripts/train-tokenizer.py` computes the same in Python.
 */
export function splitOf(documentId: string, split: { validation: number; test: number }): Split {
  const position = Number.parseInt(hash("sha256", documentId).slice(0, 12), 16) / 2 ** 48; // [0, 1)
  if (position < split.test) return "test";
  return position < split.test + split.validation ? "validation" : "train";
}
