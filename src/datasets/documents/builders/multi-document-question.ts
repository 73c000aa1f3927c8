import { Type } from "@sinclair/typebox";
import { fraction } from "../../choice.ts";
import { questionDraft } from "../../synthesize/draft.ts";
import { questionsOn } from "../../synthesize/several-questions.ts";
import { type BuilderDocument, defineBuilder } from "../builder.ts";
import { headOf } from "../filler.ts";
import { depthOption } from "../hidden-line.ts";

/** A shorter piece of a document would not distract. */
const leastChars = 200;

/**
 * A question about one of many documents, at a chosen depth among the others, which are distractors of the
 * same split ("lost in the middle", Liu et al. 2023, arXiv 2307.03172).
 */
export const multiDocumentQuestion = defineBuilder({
  description: "A question on one of many documents, which stands at a chosen place among the others.",
  options: {
    ...depthOption,
    document_chars: Type.Integer({
      description: "Most characters of each document.",
      minimum: 200,
      default: 4000,
    }),
  },
  build(document, { n, chars, key }, context, { depth, document_chars: most }) {
    const room = Math.min(most, chars / 2);
    const gold = headOf(document.text, room);
    const [question] = gold === "" ? [] : questionsOn(gold, 1, key);
    if (question === undefined) return null;
    const distractors: { document: BuilderDocument; text: string }[] = [];
    let size = gold.length;
    for (const other of context.others(document, key)) {
      if (size >= 0.95 * chars || chars - size < leastChars) break;
      const text = headOf(other.text, Math.min(most, chars - size));
      // A document that also has the sentence asked about would be a second right place.
      if (
        text.length < leastChars ||
        question.evidence.some(({ start, end }) => text.includes(gold.slice(start, end)))
      )
        continue;
      distractors.push({ document: other, text });
      size += text.length;
    }
    if (distractors.length === 0 || size < chars / 2) return null;
    const at = Math.round((depth ?? fraction(`${key}/depth`)) * distractors.length);
    const parts = distractors.map(({ document: { title }, text }) => ({ title, text }));
    parts.splice(at, 0, { title: document.title, text: gold });
    let before = 0;
    const rendered = parts.map(({ title, text }, i) => {
      const head = `Document ${i + 1}: ${title}\n\n`;
      if (i < at) before += head.length + text.length + 2;
      else if (i === at) before += head.length;
      return head + text;
    });
    const moved = {
      ...question,
      evidence: question.evidence.map(({ start, end }) => ({ start: start + before, end: end + before })),
    };
    const draft = questionDraft(document, `${key}-${n}`, "long", rendered.join("\n\n"), [moved]);
    const meta = { ...draft.meta, kind: "multi_document", documents: parts.length, gold_document: at + 1 };
    return { ...draft, meta };
  },
});
