import { Type } from "@sinclair/typebox";
import { detail } from "../../reason.ts";
import { contentsOf, defineFilter } from "../filter.ts";

/** What models say about themselves, and how they begin to decline. Apostrophes are made straight first. */
const anywhere = [
  /\bas an? (?:large )?(?:ai|artificial intelligence)(?: language)?(?: model| assistant)?\b[,.]?\s+i\b/i,
  /\bas a (?:large )?language model\b/i,
  /\bi(?:'m| am) (?:just |only )?an? (?:ai|artificial intelligence) language model\b/i,
  /\bmy (?:knowledge cutoff|training data only goes)\b/i,
  /\b(?:trained|developed|created) by openai\b/i,
];
const atStart = [
  /^(?:i'm|i am) (?:very |really |so )?sorry,? (?:but )?(?:i|as an|that)\b.{0,40}\b(?:can't|cannot|can not|unable|not able|won't)\b/i,
  /^(?:sorry|apologies|i apologi[sz]e),? (?:but )?i (?:can't|cannot|can not|am unable|won't)\b/i,
  /^i(?:'m| am) (?:unable|not able|not comfortable) (?:to|with|providing)\b/i,
  /^i (?:can't|cannot|can not|won't) (?:assist|help|provide|fulfill|comply|answer|do that|generate|create)\b/i,
];

/** Answers in which a model declines or speaks of itself, which a model tuned on them would learn. */
export const refusal = defineFilter({
  description:
    "answers that decline (I'm sorry, but I cannot …) or speak as a model (As an AI language model …)",
  options: {
    phrases: Type.Array(Type.String({ minLength: 1 }), {
      description: "More phrases, found anywhere in an answer whatever their case.",
      default: [],
    }),
  },
  create: ({ phrases }) => {
    const more = phrases.map((phrase) => phrase.toLowerCase());
    return (example) => {
      for (const answer of contentsOf(example, "answers")) {
        const text = answer.replaceAll("’", "'").trimStart();
        const found =
          anywhere.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined) ??
          atStart.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined) ??
          more.find((phrase) => text.toLowerCase().includes(phrase));
        if (found !== undefined) return { reason: "refusal", detail: detail(found) };
      }
      return null;
    };
  },
});
