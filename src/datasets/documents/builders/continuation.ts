import { Type } from "@sinclair/typebox";
import { promptDraft } from "../../synthesize/draft.ts";
import { sentenceRanges } from "../../synthesize/sentences.ts";
import { defineBuilder } from "../builder.ts";
import { headOf } from "../filler.ts";

const frames = [
  "Continue the text.\n\n{document}",
  "Write how this text goes on.\n\n{document}",
  "{document}\n\nWrite the next part.",
] as const;

/** The beginning of a document is the prompt and the rest is the answer: long answers that people wrote. */
export const continuation = defineBuilder({
  description: "The beginning of a document is given; how it goes on is the answer.",
  options: {
    answer_share: Type.Number({
      description: "Share of the text that is to be written.",
      minimum: 0.05,
      maximum: 0.95,
      default: 0.5,
    }),
  },
  build(document, { n, chars, key }, _, { answer_share: share }) {
    const text = headOf(document.text, chars);
    // Half the target is too short to be an example of that length.
    if (text.length < chars / 2) return null;
    const given = text.length * (1 - share);
    const cut = sentenceRanges(text).find(({ start }) => start >= given)?.start;
    if (cut === undefined || cut === 0) return null;
    const shape = { task: "writing", kind: "continuation", length: "long", frames } as const;
    return promptDraft(
      document,
      `${key}-${n}`,
      shape,
      { document: text.slice(0, cut).trimEnd() },
      text.slice(cut),
    );
  },
});
