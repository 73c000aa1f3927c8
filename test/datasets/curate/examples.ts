import type { Example } from "../../../src/datasets/example.ts";
import { randomOf } from "../../../src/random.ts";

/** A canonical example of one question and answer; `document` stands in the prompt as its context. */
export function exampleOf(
  id: string,
  question: string,
  answer: string,
  { document = "", split = "train" }: { document?: string; split?: Example["split"] } = {},
): Example {
  return {
    id,
    task: "qa",
    split,
    messages: [
      { role: "user", content: document === "" ? question : `${document}\n\n${question}` },
      { role: "assistant", content: answer },
    ],
    ...(document === "" ? {} : { context: [{ message: 0, start: 0, end: document.length }] }),
    source: { dataset: "d", revision: "1", license: "CC0-1.0", row: 0, document: document || id },
    meta: {},
  };
}

/** So many different words that no other seed gives, in order. */
export function wordsOf(seed: string, count: number): string[] {
  const random = randomOf(1, seed);
  return Array.from({ length: count }, (_, i) => `${seed}${i.toString(36)}${random.below(1e6).toString(36)}`);
}
