import type { Example } from "../../contracts/example.ts";
import { endTextFinder } from "../../tokenizer/ends/end-texts.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { mixFor, type RenderingMix } from "../renders.ts";
import { answersOf, trainedTexts } from "./answers.ts";

type Looked = Pick<Example, "id" | "messages" | "source">;

/** How many examples have an answer that ends with the text of an end token, and the first of them. */
export interface EndTexts {
  examples: number;
  first: { id: string; text: string } | null;
  /** Looks at an example that is read. */
  look(example: Looked): void;
}

/** Counts them in what is trained. */
export async function countEndTexts(tokenizer: Tokenizer, mix: RenderingMix): Promise<EndTexts> {
  const endText = await endTextFinder(tokenizer);
  const textsOf = (example: Looked): string[] =>
    mixFor(mix, example.source.dataset).render === "text"
      ? trainedTexts(example)
      : answersOf(example, mix.train_on).map((one) => (typeof one === "string" ? one : one.content));
  const found: EndTexts = {
    examples: 0,
    first: null,
    look(example) {
      const text = textsOf(example)
        .map(endText)
        .find((one) => one !== undefined);
      if (text === undefined) return;
      found.examples++;
      found.first ??= { id: example.id, text };
    },
  };
  return found;
}
