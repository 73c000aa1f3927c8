import { promptDraft } from "../../../synthesize/draft.ts";
import { fold } from "../grounding.ts";
import { invalid, type TeacherTask, textFields, ungrounded } from "../task.ts";

/**
 * Words that an instruction may have in a row with the document: more of them are a copy, not an instruction.
 */
const maxCopiedWords = 30;

/** An instruction that the document is the answer to. */
export const writing: TeacherTask = {
  instruction:
    "Write the instruction that a person may have given to a writer who then wrote the document: its " +
    "kind, subject, points and length, in the person's own words, without copying sentences.",
  form: () => '{"instruction": "…"}',
  schema: textFields("instruction"),
  read({ instruction = "" }, document) {
    const text = instruction.trim();
    if (text === "") return invalid("the instruction is empty");
    if (text.length > document.text.length / 2) {
      return invalid(
        `expected an instruction of at most half the document, got ${text.length} of ` +
          `${document.text.length} characters`,
      );
    }
    const words = fold(text).text.trim().split(" ");
    for (let i = 0; i + maxCopiedWords <= words.length; i++) {
      const run = words.slice(i, i + maxCopiedWords).join(" ");
      if (document.folded.text.includes(run)) return invalid(`the instruction copies the document: ${run}`);
    }
    const known = new Set(wordsIn(document.folded.text));
    if (!wordsIn(words.join(" ")).some((word) => known.has(word)))
      return ungrounded("the instruction has no word of 5 letters or more in common with the document");
    const { length } = document;
    const shape = {
      task: "writing",
      kind: "teacher_instruction",
      length,
      frames: ["{instruction}"],
    } as const;
    return {
      gist: words.join(" "),
      draft: (name) => promptDraft(document, name, shape, { instruction: text }, document.text),
    };
  },
};

const wordsIn = (text: string) => text.match(/[\p{L}]{5,}/gu) ?? [];
