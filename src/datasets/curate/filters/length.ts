import { Type } from "@sinclair/typebox";
import { documentText } from "../compared.ts";
import { contentsOf, defineFilter } from "../filter.ts";
import { createWords, scanWords } from "../words.ts";

const parts = ["prompt", "answer", "document"] as const;
const units = ["chars", "words"] as const;
const bound = (description: string) => Type.Optional(Type.Integer({ description, minimum: 0 }));
const words = createWords();

/**
 * By the size of prompt, answers and document, each in UTF-16 units or words; what is not set is not looked
 * at.
 */
export const length = defineFilter({
  description: "prompts, answers or documents that are too short or too long",
  options: {
    min_prompt_chars: bound("Least chars of all prompt text together."),
    max_prompt_chars: bound("Most chars of all prompt text together."),
    min_prompt_words: bound("Least words of all prompt text together."),
    max_prompt_words: bound("Most words of all prompt text together."),
    min_answer_chars: bound("Least chars of all answer text together."),
    max_answer_chars: bound("Most chars of all answer text together."),
    min_answer_words: bound("Least words of all answer text together."),
    max_answer_words: bound("Most words of all answer text together."),
    min_document_chars: bound("Least chars of all document text together."),
    max_document_chars: bound("Most chars of all document text together."),
    min_document_words: bound("Least words of all document text together."),
    max_document_words: bound("Most words of all document text together."),
  },
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
        const min = options[`min_${part}_${unit}`];
        const max = options[`max_${part}_${unit}`];
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
});

function lengthIn(text: string, unit: (typeof units)[number]): number {
  if (unit === "chars") return text.length;
  scanWords(text, words);
  return words.count;
}
