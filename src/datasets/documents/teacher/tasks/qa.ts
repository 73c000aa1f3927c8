import { questionDraft } from "../../../synthesize/draft.ts";
import { findIn, fold } from "../grounding.ts";
import { invalid, type TeacherTask, textFields, ungrounded } from "../task.ts";

/**
 * A question, its answer, and the passage that proves it, which must stand in the document and is never
 * shortened.
 */
export const qa: TeacherTask = {
  instruction:
    "Write questions that a careful reader of the document can answer from it alone, about different " +
    "parts of it, each understandable without having seen the others. Give each one's answer.",
  form: ({ extractive }) =>
    `{"question": "…", "answer": "…", "quote": "a passage of one or two sentences, copied word for word from the document, ${
      extractive
        ? 'that contains the answer"} (the answer is short and copied word for word from the quote)'
        : 'that proves the answer"}'
    }`,
  schema: textFields("question", "answer", "quote"),
  read({ question = "", answer = "", quote = "" }, document, { extractive }) {
    if (question.trim() === "" || answer.trim() === "") return invalid("the question or the answer is empty");
    const range = findIn(document.folded, quote);
    if (range === null) return ungrounded(`the document does not have the quote ${JSON.stringify(quote)}`);
    const passage = document.text.slice(range.start, range.end);
    if (extractive && findIn(fold(passage), answer) === null) {
      return ungrounded(
        `the answer ${JSON.stringify(answer)} is not in its quote ${JSON.stringify(passage)}`,
      );
    }
    const asked = {
      kind: "teacher_question",
      question: question.trim(),
      answer: answer.trim(),
      evidence: [range],
    };
    return {
      gist: fold(question).text.trim(),
      draft: (name) => questionDraft(document, name, document.length, document.text, [asked]),
    };
  },
};
