import { promptDraft } from "../../../synthesize/draft.ts";
import { fold, strangeNumbers } from "../grounding.ts";
import { invalid, type TeacherTask, textFields, ungrounded } from "../task.ts";

const frames = ["Summarize the text.\n\n{document}", "{document}\n\nSummarize the text above."] as const;

/** A summary: shorter than half the document, without numbers that the document does not have. */
export const summarization: TeacherTask = {
  instruction:
    "Summarize the document faithfully, in a few sentences that can be read without it. Use only " +
    "what it says, with its numbers as they stand there.",
  form: () => '{"summary": "…"}',
  schema: textFields("summary"),
  read({ summary = "" }, document) {
    const text = summary.trim();
    if (text === "") return invalid("the summary is empty");
    if (text.length > document.text.length / 2) {
      return invalid(
        `expected a summary of at most half the document, got ${text.length} of ` +
          `${document.text.length} characters`,
      );
    }
    const strange = strangeNumbers(document.folded, text);
    if (strange.length > 0) return ungrounded(`the document does not have the numbers ${strange.join(", ")}`);
    const { length } = document;
    const shape = { task: "summarization", kind: "teacher_summary", length, frames } as const;
    return {
      gist: fold(text).text,
      draft: (name) => promptDraft(document, name, shape, { document: document.text }, text),
    };
  },
};
