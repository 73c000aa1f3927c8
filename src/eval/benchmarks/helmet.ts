import { DataError } from "../../errors.ts";
import { helmetAnswer, helmetScores } from "../../harness/text-metrics/long-context/helmet.ts";
import { defineBenchmark, rising } from "../benchmark.ts";
import { type LongQuestion, longItems } from "../long-tasks/row-items.ts";
import {
  type RowOptions,
  rowOptions,
  type TaskRow,
  taskRows,
  textAt,
  textsAt,
} from "../long-tasks/row-options.ts";

/**
 * HELMET-style: rows of the form of HELMET's retrieval-augmented questions (arXiv 2410.02694; `question`,
 * `answers`, `ctxs` of `title` and `text`) and of its JSON retrieval (`question`, `answer`, `context`), any
 * files. Metrics are HELMET's, the better of the whole answer and its parsed line. Prompts are our own,
 * without examples, so numbers are not HELMET's.
 */
export const helmet = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "substring_exact_match", name: "substring match" },
  metrics: rising("substring_exact_match", "exact_match", "f1"),
  options: rowOptions("JSON Lines"),
  items: (environment, options) => longItems(environment, questions(options)),
});

async function* questions(options: RowOptions): AsyncGenerator<LongQuestion> {
  for await (const given of taskRows("helmet", options, () => true)) {
    const { file, at, row } = given;
    const isKeys = row.ctxs === undefined;
    const answers = textsAt(given, isKeys ? "answer" : "answers");
    const question = textAt(given, "question");
    const prefix = isKeys ? "Corresponding value:" : "Answer:";
    yield {
      id: `${file}/${at}`,
      before: "",
      document: isKeys ? textAt(given, "context") : documentOf(given),
      after: isKeys
        ? `\n\nWhich value has this key in the JSON object above? Key: ${question}\n${prefix}`
        : `\n\nAnswer the question from the documents above, as shortly as you can.\nQuestion: ${question}\n${prefix}`,
      maxNewTokens: isKeys ? 100 : 20,
      target: answers.join(" | "),
      slices: [file],
      score: (prediction) => scoresOf(prediction, answers, prefix),
    };
  }
}

function documentOf({ row, where }: TaskRow): string {
  const { ctxs } = row;
  const passages = Array.isArray(ctxs) ? (ctxs as unknown[]) : [];
  if (passages.length === 0) throw new DataError(`${where}: expected ctxs as a list of passages, got none`);
  return passages
    .map((passage) => {
      const { title, text } = (passage ?? {}) as { title?: unknown; text?: unknown };
      if (typeof text === "string") return `Document (Title: ${title ?? ""}): ${text}`;
      throw new DataError(`${where}: expected each of ctxs with a text, got ${JSON.stringify(passage)}`);
    })
    .join("\n\n");
}

function scoresOf(prediction: string, answers: readonly string[], prefix: string): Record<string, number> {
  const whole = helmetScores(prediction, answers);
  const parsed = helmetScores(helmetAnswer(prediction, prefix), answers);
  return Object.fromEntries(
    ["substring_exact_match", "exact_match", "f1"].map((name) => [
      name,
      Math.max(whole[name]!, parsed[name]!),
    ]),
  );
}
