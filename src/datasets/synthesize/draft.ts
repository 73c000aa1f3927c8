import type { ContextSpan, Message, Task } from "../../contracts/example.ts";
import { pick } from "../choice.ts";
import type { Draft, SourceDocument } from "../draft.ts";
import type { Length } from "../entry.ts";
import type { Range } from "./sentences.ts";
import { fill, shortenable } from "./template.ts";

/** A question with its exact answer, and where the answer is in the document. */
export interface Question {
  kind: string;
  question: string;
  answer: string;
  /** Other wordings that count as right. */
  alsoRight?: readonly string[];
  /** Wrong answers of the same kind, for multiple choice. */
  distractors?: readonly string[];
  /** Ranges of the document that must stay for the question to be answerable. */
  evidence: readonly Range[];
}

const questionFrames = [
  "{document}\n\nQuestion: {question}",
  "{document}\n\n{question}",
  "Read the text and answer the question.\n\n{document}\n\nQuestion: {question}",
  "Answer the question from the text.\n\n{document}\n\n{question}",
  "{question}\n\n{document}",
  "Question: {question}\n\nText:\n{document}",
] as const;

/** `<document>/<name>`, without the catalog id: the stage puts the dataset's name before it. */
function draftId(document: SourceDocument, name: string): string {
  return `${document.id.slice(document.id.indexOf("/") + 1)}/${name}`;
}

/** True when the question, or the words of a frame around it, gives the answer away. */
export function leaks(question: string, answer: string): boolean {
  return `${question}\n${questionFrames.join("\n")}`.toLowerCase().includes(answer.toLowerCase());
}

/** A question-answering example: document and first question, then the other questions as further turns. */
export function questionDraft(
  document: SourceDocument,
  name: string,
  length: Length,
  context: string,
  questions: readonly Question[],
): Draft {
  const key = `${document.id}/${name}`;
  const first = questions[0]!;
  const prompt = fill(pick(questionFrames, `${key}/frame`), { document: context, question: first.question });
  const messages: Message[] = questions.flatMap((q, i) => [
    { role: "user", content: i === 0 ? prompt.text : q.question },
    { role: "assistant", content: q.answer },
  ]);
  const ranges = questions.flatMap((q) => q.evidence);
  const evidence = ranges.filter(
    (r, i) => ranges.findIndex((o) => o.start === r.start && o.end === r.end) === i,
  );
  const place = prompt.places.document!;
  return {
    id: draftId(document, name),
    task: "qa",
    messages,
    context: shortenable(place, evidence),
    document: document.id,
    row: document.row,
    file: document.file,
    meta: {
      kind: questions.length > 1 ? `${first.kind}_turns` : first.kind,
      length,
      answers: [first.answer, ...(first.alsoRight ?? [])],
      ...(questions.length > 1
        ? { answers_by_turn: questions.map((q) => [q.answer, ...(q.alsoRight ?? [])]) }
        : {}),
      ...choices(questions, key),
      evidence: evidence.map((r) => ({ message: 0, start: place.start + r.start, end: place.start + r.end })),
      /** Where in the document the (first) evidence is: 0 its start, 1 its end. */
      depth: Math.round(((first.evidence[0]?.start ?? 0) / Math.max(1, context.length)) * 1000) / 1000,
    },
  };
}

/**
 * Right answer and distractors in an order given by the key; only for a single question with three
 * distractors.
 */
function choices(questions: readonly Question[], key: string): { choices?: string[]; answer_index?: number } {
  const [first, second] = questions;
  if (first?.distractors === undefined || first.distractors.length < 3 || second !== undefined) return {};
  const wrong = first.distractors.slice(0, 3);
  const at = pick([0, 1, 2, 3], `${key}/answer_index`);
  return { choices: [...wrong.slice(0, at), first.answer, ...wrong.slice(at)], answer_index: at };
}

/** An example with one prompt and one long or free answer: summarization or writing. */
export function promptDraft(
  document: SourceDocument,
  name: string,
  shape: { task: Task; kind: string; length: Length; frames: readonly string[] },
  values: Record<string, string>,
  answer: string,
): Draft {
  const key = `${document.id}/${name}`;
  const prompt = fill(pick(shape.frames, `${key}/frame`), values);
  const place = prompt.places.document;
  const context: ContextSpan[] = place && place.end > place.start ? shortenable(place, []) : [];
  return {
    id: draftId(document, name),
    task: shape.task,
    messages: [
      { role: "user", content: prompt.text },
      { role: "assistant", content: answer },
    ],
    ...(context.length > 0 ? { context } : {}),
    document: document.id,
    row: document.row,
    file: document.file,
    // The text of a writing task is one of many good ones, so it is not an answer to score against.
    meta: {
      kind: shape.kind,
      length: shape.length,
      ...(shape.task === "writing" ? {} : { answers: [answer] }),
    },
  };
}
