import { expect } from "vitest";
import { defaultsOf } from "../../../src/ajv.ts";
import type { Example } from "../../../src/contracts/example.ts";
import { curateSchema } from "../../../src/contracts/recipe/curate.ts";
import type { CurateSpec } from "../../../src/contracts/recipe.ts";
import { type Curated, createCurator } from "../../../src/datasets/curate/curator.ts";
import { type SplitFor, splitOf } from "../../../src/datasets/split.ts";
import { randomOf } from "../../../src/random.ts";

const shares = { validation: 0.04, test: 0.06 };

/** What curation makes of examples that have no sources. */
export async function curated(
  examples: readonly Example[],
  spec: Partial<CurateSpec>,
  warn: (message: string) => void = () => {},
): Promise<Curated[]> {
  const whole = { ...defaultsOf(curateSchema), ...spec };
  const splitFor: SplitFor = ({ document }) => splitOf(document, shares);
  const curate = await createCurator(whole, { sources: [], splitFor, pause: async () => {}, warn });
  return examples.map(curate);
}

/** The reason and detail of each example that goes, by id; the others must be as they were. */
export async function droppedOf(
  examples: readonly Example[],
  spec: Partial<CurateSpec>,
): Promise<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [i, result] of (await curated(examples, spec)).entries()) {
    const example = examples[i]!;
    if ("dropped" in result) out[example.id] = `${result.dropped.reason}: ${result.dropped.detail}`;
    else expect(result).toEqual({ example });
  }
  return out;
}

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
