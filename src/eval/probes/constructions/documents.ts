import { hashPosition } from "../../held-out.ts";
import { type Construction, fillHay, type ProbeText, sampleOf } from "../probe.ts";
import type { QuestionSet } from "../questions/question-set.ts";

/**
 * A question whose documents stand among others: RULER's qa tasks. Documents of the same source come first,
 * as in its SQuAD form. One document that answers stands at the depth that was asked for; several stand
 * anywhere.
 */
export function documentQuestions({ questions, documents }: QuestionSet): Construction {
  // In an order of their own, so that the first ones are not all of one country or article.
  const order = questions
    .map(({ question }, i) => ({ position: hashPosition(question), i }))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .map(({ i }) => i);
  return ({ random, depth, sample }) => {
    const { question, answers, needed, related } = questions[order[sample % order.length]!]!;
    const taken = new Set([...needed, ...related]);
    const near = sampleOf(random, related, related.length);
    const rest = sampleOf(
      random,
      documents.map((_, i) => i).filter((i) => !taken.has(i)),
      documents.length - taken.size,
    );
    const others = [...near, ...rest];
    // Places of the needed documents among the others, from 0 to 1.
    const places =
      needed.length === 1 ? [depth / 100] : needed.map(() => random.next()).sort((a, b) => a - b);
    const inOrder = needed.length === 1 ? needed : sampleOf(random, needed, needed.length);
    return {
      fewest: needed.length,
      most: needed.length + others.length,
      references: answers,
      match: "part",
      ...(needed.length === 1 && { depths: answers.map(() => depth) }),
      textOf(units): ProbeText {
        const own = others.slice(0, Math.max(0, units - needed.length));
        const all: number[] = [];
        let at = 0;
        for (const [i, place] of places.entries()) {
          for (const to = Math.round(place * own.length); at < to; at++) all.push(own[at]!);
          all.push(inOrder[i]!);
        }
        all.push(...own.slice(at));
        const ask =
          "Answer the question based on the given documents. Only give me the answer and do not output any " +
          "other words.";
        return fillHay(
          `${ask}\n\nThe following are given documents.\n\n{hay}\n\n${ask}\n\nQuestion: ${question}`,
          all.map((document, i) => `Document ${i + 1}:\n${documents[document]}`).join("\n\n"),
          "Answer:",
        );
      },
    };
  };
}
