import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { isList, PyDict, PyTuple, type Value } from "../../../jinja/values/values.ts";
import { pythonText } from "../../python/cast.ts";
import type { Row } from "../../task-config.ts";
import { dropScore } from "../drop/score.ts";
import { type KnownFunction, ofEachRow, ofResults } from "../helper.ts";
import { columnOf, dictOf, firstText, listOf, textOf, textsOf, wrong } from "../row.ts";

/** One answer: a number, spans, or a date. */
function answerOf(answer: PyDict): Value[] {
  const number = columnOf(answer, "number");
  if (number !== "") return [pythonText(number)];
  const spans = textsOf(answer, "spans");
  if (spans.length > 0) return spans;
  const date = dictOf(answer, "date");
  const parts = ["day", "month", "year"].map((part) => textOf(date, part));
  return [stripBlanks(parts.join(" "), "both")];
}

/** All answers that are right, each once. */
function answersOf(row: Row): Value[] {
  const validated = dictOf(row, "validated_answers");
  const of = (key: string) => listOf(validated, key);
  const others = of("number").map((number, i) =>
    PyDict.of([
      ["number", number],
      ["date", of("date")[i] ?? null],
      ["spans", of("spans")[i] ?? null],
    ]),
  );
  const answers = [dictOf(row, "answer"), ...others].map(answerOf);
  return [...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values()];
}

function textsIn(answer: Value): string[] {
  const items = answer instanceof PyTuple ? answer.items : answer;
  if (isList(items) && items.every((item) => typeof item === "string")) return [...items];
  throw wrong("answers", "lists of texts", answer);
}

export const drop: readonly KnownFunction[] = [
  ofEachRow({ standsFor: "drop/utils.process_docs", hashes: ["ae91f55837255fbe852cd456d4b4fc35"] }, (row) =>
    PyDict.of([
      ...row.entries(),
      ["id", columnOf(row, "query_id")],
      ["passage", columnOf(row, "passage")],
      ["question", columnOf(row, "question")],
      ["answers", answersOf(row)],
    ]),
  ),
  ofResults(
    { standsFor: "drop/utils.process_results", hashes: ["9da40073af6055e7f5b1552ebbbaa151"] },
    (row, results) => {
      firstText(results);
      const best = { em: 0, f1: 0 };
      for (const answer of listOf(row, "answers").map(textsIn)) {
        if (stripBlanks(answer[0] ?? "", "both") === "") continue;
        const { em, f1 } = dropScore(results as string[], answer);
        best.em = Math.max(best.em, em);
        best.f1 = Math.max(best.f1, f1);
      }
      return best;
    },
  ),
];
