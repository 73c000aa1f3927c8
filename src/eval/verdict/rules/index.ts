import type { Rule } from "../evidence.ts";
import { commonestAnswer } from "./commonest-answer.ts";
import { emptyAnswers } from "./empty-answers.ts";
import { failedItems } from "./failed-items.ts";
import { fewItems } from "./few-items.ts";
import { lostThoughts } from "./lost-thoughts.ts";
import { manyComparisons } from "./many-comparisons.ts";
import { neverEnds } from "./never-ends.ts";
import { noDifference } from "./no-difference.ts";
import { oftenRepeated } from "./often-repeated.ts";
import { overLength } from "./over-length.ts";
import { perplexityRose } from "./perplexity-rose.ts";
import { sameAnswer } from "./same-answer.ts";
import { samePlace } from "./same-place.ts";
import { shortAnswers } from "./short-answers.ts";
import { shortenedItems } from "./shortened-items.ts";
import { stillFalling } from "./still-falling.ts";
import { trainedOn } from "./trained-on.ts";
import { unbalancedTasks } from "./unbalanced-tasks.ts";
import { validationRose } from "./validation-rose.ts";
import { withoutDocument } from "./without-document.ts";

/** What a verdict advises, in the order in which it is told. */
export const ruleCatalog = {
  "failed-items": failedItems,
  "trained-on": trainedOn,
  "empty-answers": emptyAnswers,
  "lost-thoughts": lostThoughts,
  "short-answers": shortAnswers,
  "perplexity-rose": perplexityRose,
  "unbalanced-tasks": unbalancedTasks,
  "validation-rose": validationRose,
  "never-ends": neverEnds,
  "same-answer": sameAnswer,
  "without-document": withoutDocument,
  "commonest-answer": commonestAnswer,
  "same-place": samePlace,
  "still-falling": stillFalling,
  "no-difference": noDifference,
  "many-comparisons": manyComparisons,
  "few-items": fewItems,
  "over-length": overLength,
  "shortened-items": shortenedItems,
  "often-repeated": oftenRepeated,
} as const satisfies Record<string, Rule>;
