import { Type } from "@sinclair/typebox";
import { questionDraft } from "../../synthesize/draft.ts";
import { questionsOn } from "../../synthesize/several-questions.ts";
import { defineBuilder } from "../builder.ts";
import { headOf } from "../filler.ts";

/** Several questions about one document as turns of one conversation, so that the document is read once. */
export const documentQuestions = defineBuilder({
  description: "Several questions on one document, turn after turn.",
  options: {
    questions: Type.Optional(
      Type.Integer({
        description: "Questions of a conversation. Default: 4, or as many as the document has.",
        minimum: 1,
        maximum: 100,
      }),
    ),
  },
  build(document, { n, chars, key }, _, { questions: wanted }) {
    const text = headOf(document.text, chars);
    if (text.length < chars / 2) return null;
    const questions = questionsOn(text, wanted ?? 4, key);
    return questions.length >= (wanted ?? 1)
      ? questionDraft(document, `${key}-${n}`, "long", text, questions)
      : null;
  },
});
