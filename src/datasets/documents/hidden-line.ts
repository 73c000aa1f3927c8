import { Type } from "@sinclair/typebox";
import { fraction } from "../choice.ts";
import type { Draft } from "../draft.ts";
import { shortenable } from "../synthesize/template.ts";
import type { BuildContext, BuilderDocument } from "./builder.ts";
import { fillerOf, putAt } from "./filler.ts";

/** A line to be hidden in a long text, the question about it, and the answer that is in the line. */
export interface HiddenLine {
  kind: string;
  line: string;
  before: string;
  question: string;
  answer: string;
}

/**
 * A long text of the document (and others of its split) with one line hidden at `depth`, or at a depth given
 * by the key.
 */
export function hiddenLineDraft(
  document: BuilderDocument,
  hidden: HiddenLine,
  request: { chars: number; key: string },
  context: BuildContext,
  depth: number | undefined,
): Draft | null {
  const { kind, line, before, question, answer } = hidden;
  const room = request.chars - line.length - before.length - question.length - answer.length;
  if (room < 200) return null;
  const filler = fillerOf(document, room, context, request.key).join("\n\n");
  // If the filler contained the answer by chance, the hidden line would not be needed.
  if (filler.length < 0.5 * room || filler.includes(answer)) return null;
  const put = putAt(filler, line, depth ?? fraction(`${request.key}/depth`));
  const prompt = `${before}\n\n${put.text}\n\n${question}`;
  const place = { start: before.length + 2, end: before.length + 2 + put.text.length };
  const evidence = { start: put.start, end: put.start + line.length };
  return {
    id: document.name,
    task: "qa",
    messages: [
      { role: "user", content: prompt },
      { role: "assistant", content: answer },
    ],
    context: shortenable(place, [evidence]),
    document: document.id,
    row: document.row,
    file: document.file,
    meta: {
      kind,
      length: "long",
      answers: [answer],
      evidence: [{ message: 0, start: place.start + evidence.start, end: place.start + evidence.end }],
      depth: Math.round((evidence.start / put.text.length) * 1000) / 1000,
    },
  };
}

/** Where the line or document that is asked about stands: the option `depth` of builders. */
export const depthOption = {
  depth: Type.Optional(
    Type.Number({
      description: "0: at the start, 1: at the end. Default: anywhere, by the key.",
      minimum: 0,
      maximum: 1,
    }),
  ),
};
