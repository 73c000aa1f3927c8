import { fnv32 } from "../../choice.ts";
import { defineBuilder } from "../builder.ts";
import { depthOption, hiddenLineDraft } from "../hidden-line.ts";

/** Pass key retrieval (Mohtashami & Jaggi 2023, arXiv 2305.16300) in real text. */
export const passkey = defineBuilder({
  description: "A pass key of five digits hidden in a long text, to be found again.",
  options: depthOption,
  build(document, request, context, { depth }) {
    const answer = String(10_000 + (fnv32(`${request.key}/passkey`) % 90_000));
    const hidden = {
      kind: "passkey",
      line: `The pass key is ${answer}. Remember it. ${answer} is the pass key.`,
      before:
        "There is an important info hidden inside a lot of irrelevant text. Find it and memorize it. I " +
        "will quiz you about the important information there.",
      question: "What is the pass key?",
      answer,
    };
    return hiddenLineDraft(document, hidden, request, context, depth);
  },
});
