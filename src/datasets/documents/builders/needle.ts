import { fnv32, pick } from "../../choice.ts";
import { defineBuilder } from "../builder.ts";
import { depthOption, hiddenLineDraft } from "../hidden-line.ts";

const cities = [
  "Lisbon",
  "Oslo",
  "Quito",
  "Dakar",
  "Hanoi",
  "Riga",
  "Accra",
  "Perth",
  "Tunis",
  "Kyoto",
] as const;
const things = [
  "bakery",
  "library",
  "harbour",
  "theatre",
  "observatory",
  "garden",
  "printing house",
] as const;

/** A needle in a haystack as in RULER (Hsieh et al. 2024, arXiv 2404.06654): a magic number of something. */
export const needle = defineBuilder({
  description: "A sentence with a number hidden in a long text, and a question about it.",
  options: depthOption,
  build(document, request, context, { depth }) {
    const subject = `the ${pick(things, `${request.key}/thing`)} of ${pick(cities, `${request.key}/city`)}`;
    const answer = String(1_000_000 + (fnv32(`${request.key}/needle`) % 9_000_000));
    const hidden = {
      kind: "needle",
      line: `One of the special magic numbers for ${subject} is: ${answer}.`,
      before: "A special magic number is hidden within the following text. Make sure to memorize it.",
      question: `What is the special magic number for ${subject} mentioned in the text?`,
      answer,
    };
    return hiddenLineDraft(document, hidden, request, context, depth);
  },
});
