import type { Builder, SourceBuilder } from "../builder.ts";
import { chapterSummary } from "./chapter-summary.ts";
import { continuation } from "./continuation.ts";
import { documentQuestions } from "./document-questions.ts";
import { multiDocumentQuestion } from "./multi-document-question.ts";
import { needle } from "./needle.ts";
import { passkey } from "./passkey.ts";
import { teacher } from "./teacher.ts";

/** Builders that a recipe may name under `build` of a dataset. */
export const builderCatalog = {
  "chapter-summary": chapterSummary,
  continuation,
  "document-questions": documentQuestions,
  "multi-document-question": multiDocumentQuestion,
  needle,
  passkey,
  teacher,
} as const satisfies Record<string, Builder | SourceBuilder>;
