import { documentText } from "../compared.ts";
import { contentsOf, type Filter } from "../filter.ts";
import { createWords, scanWords } from "../words.ts";

const parts = ["prompt", "answer", "document"] as const;
const units = ["chars", "words"] as const;
const bound = (description: string) => ({ description, type: "integer", minimum: 0 });
const words = createWords();

/** By the size of prompt, answers and document, each in UTF-16 units or words; what is not set is not looked at. */
export const length: Filter = {
  description: "prompts, answers or documents that are too short or too long",
  options: Object.fromEntries(
    parts.flatMap((part) =>
      units.flatMap((unit) => [
        [`min_${part}_${unit}`, bound(`Least ${unit} of all ${part} text together.`)],
        [`max_${part}_${unit}`, bound(`Most ${unit} of all ${part} text together.`)],
      ]),
    ),
  ),
  create: (options) => (example) => {
    const texts = {
      prompt: () => contentsOf(example, "prompts").join("\n"),
      answer: () => contentsOf(example, "answers", true).join("\n"),
      document: () => documentText(example),
    };
    for (const part of parts) {
      // Without a marked document there is nothing that could be too short.
      if (part === "document" && !example.context?.length) continue;
      for (const unit of units) {
        const min = options[`min_${part}_${unit}`] as number | undefined;
        const max = options[`max_${part}_${unit}`] as number | undefined;
        if (min === undefined && max === undefined) continue;
        const size = lengthIn(texts[part](), unit);
        if (min !== undefined && size < min)
          return { reason: `${part}_too_short`, detail: `${size} ${unit}, min_${part}_${unit} ${min}` };
        if (max !== undefined && size > max)
          return { reason: `${part}_too_long`, detail: `${size} ${unit}, max_${part}_${unit} ${max}` };
      }
    }
    return null;
  },
};

function lengthIn(text: string, unit: (typeof units)[number]): number {
  if (unit === "chars") return text.length;
  scanWords(text, words);
  return words.count;
}
