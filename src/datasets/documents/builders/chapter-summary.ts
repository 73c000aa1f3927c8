import { Type } from "@sinclair/typebox";
import { choice } from "../../../schema.ts";
import { promptDraft } from "../../synthesize/draft.ts";
import { gapSentences } from "../../synthesize/gap-sentences.ts";
import { passageOf } from "../../synthesize/passage.ts";
import { sentenceRanges } from "../../synthesize/sentences.ts";
import { defineBuilder } from "../builder.ts";
import { headOf } from "../filler.ts";

const frames = {
  to_summary: ["Summarize the text.\n\n{document}", "{document}\n\nSummarize the text above."],
  to_chapter: [
    "Write the text that this is a summary of. It is called “{title}”.\n\n{summary}",
    "Write a text called “{title}” from this summary.\n\n{summary}",
  ],
} as const;

/**
 * A text and its summary, either way. The summary is the one that the source has (`description` of front
 * matter); else, with `extract`, the sentences that stand for the text (gap sentences), which are then taken
 * out of it.
 */
export const chapterSummary = defineBuilder({
  description: "A text is to be summarized, or to be written from its summary.",
  options: {
    direction: choice(["to_summary", "to_chapter"], {
      description: "to_summary: the summary is the answer. to_chapter: the text is.",
      default: "to_summary",
    }),
    extract: Type.Boolean({
      description: "Whether a document without a summary gets one of its own sentences.",
      default: true,
    }),
    sentences: Type.Optional(
      Type.Integer({
        description: "Sentences of an extracted summary. Default: 5, or as many as the document has.",
        minimum: 1,
        maximum: 50,
      }),
    ),
  },
  build(document, { n, chars, key }, _, { direction, extract, sentences }) {
    const text = headOf(document.text, chars);
    if (text.length < chars / 2) return null;
    let pair = document.summary === "" ? null : { summary: document.summary, rest: text };
    if (pair === null && extract) {
      const ranges = sentenceRanges(text);
      if (ranges.length === 0) return null;
      const whole = passageOf(text, ranges, 0, ranges.length);
      for (const count of sentences === undefined ? [5, 4, 3, 2, 1] : [sentences])
        pair ??= gapSentences(whole, count);
    }
    if (pair === null) return null;
    const { summary, rest } = pair;
    const name = `${key}-${n}`;
    if (direction === "to_summary") {
      const shape = {
        task: "summarization",
        kind: "chapter_summary",
        length: "long",
        frames: frames.to_summary,
      } as const;
      return promptDraft(document, name, shape, { document: rest }, summary);
    }
    const shape = {
      task: "writing",
      kind: "summary_chapter",
      length: "long",
      frames: frames.to_chapter,
    } as const;
    return promptDraft(document, name, shape, { summary, title: document.title }, rest);
  },
});
