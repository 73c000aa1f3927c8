import { createHash } from "node:crypto";
import type { ContextSpan, Example } from "../../contracts/example.ts";
import { randomOf } from "../../random.ts";

/** What is done with the document of a question to see whether the model reads it. */
export type DocumentChange = "no_context" | "shuffled_context";

/** A piece of a document; evidence is never shortened away. */
interface Piece {
  text: string;
  isEvidence: boolean;
}

/**
 * The same question without its document, or with the document's sentences in another order, which depends on
 * the example's id alone. An example without a document stays as it is.
 */
export function changeDocument(example: Example, change: DocumentChange): Example {
  const spans = documentSpans(example);
  if (spans.length === 0) return example;
  const messages = example.messages.map((message) => ({ ...message }));
  const { evidence: _, ...meta } = example.meta;
  const context: ContextSpan[] = [];
  const evidence: ContextSpan[] = [];
  for (const [i, own] of Map.groupBy(spans, ({ message }) => message)) {
    const { content } = messages[i]!;
    const pieces = own.map(({ start, end, isEvidence }) => ({ text: content.slice(start, end), isEvidence }));
    const put = change === "no_context" ? [] : shuffled(pieces, example.id);
    // All of it goes where the document began; what stood between its parts stays.
    let text = content.slice(0, own[0]!.start);
    for (const { text: piece, isEvidence } of put) {
      const span = { message: i, start: text.length, end: text.length + piece.length };
      text += piece;
      (isEvidence ? evidence : context).push(span);
    }
    for (const [k, { end }] of own.entries()) text += content.slice(end, own[k + 1]?.start);
    messages[i] = { ...messages[i]!, content: text };
  }
  return {
    ...example,
    messages,
    context: joined(context),
    meta: evidence.length === 0 ? meta : { ...meta, evidence },
  };
}

/** The parts of an example that are document, in order: what may be shortened, and the evidence. */
export function documentSpans({ context = [], meta }: Example): (ContextSpan & { isEvidence: boolean })[] {
  if (context.length === 0) return [];
  const evidence = Array.isArray(meta.evidence) ? (meta.evidence as ContextSpan[]) : [];
  return [
    ...context.map((span) => ({ ...span, isEvidence: false })),
    ...evidence.map((span) => ({ ...span, isEvidence: true })),
  ].sort((a, b) => a.message - b.message || a.start - b.start);
}

/** What an example asks, and its document, as texts. */
export function textsOf(example: Example): { question: string; document: string } {
  const spans = documentSpans(example);
  const asked =
    example.messages.at(-1)?.role === "assistant" ? example.messages.slice(0, -1) : example.messages;
  const question = changeDocument({ ...example, messages: asked }, "no_context").messages;
  return {
    question: question
      .filter(({ role }) => role !== "system")
      .map(({ content }) => content.trim())
      .join("\n"),
    document: spans
      .map(({ message, start, end }) => example.messages[message]!.content.slice(start, end))
      .join(""),
  };
}

/** Sentences in an order that the id decides. Evidence stays in one piece. */
function shuffled(pieces: readonly Piece[], id: string): Piece[] {
  const sentences = pieces.flatMap(({ text, isEvidence }) => {
    const parts = isEvidence ? [text] : (text.match(/[^.!?。！？\n]*(?:[.!?。！？]+|\n|$)/g) ?? []);
    return parts
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => ({ text: `${part} `, isEvidence }));
  });
  const seed = createHash("sha256").update(id).digest().readInt32LE();
  return randomOf(seed, "shuffled context").shuffle(sentences);
}

/** Spans that touch as one. */
function joined(spans: readonly ContextSpan[]): ContextSpan[] {
  const found: ContextSpan[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last && last.message === span.message && last.end === span.start) last.end = span.end;
    else found.push({ ...span });
  }
  return found;
}
