import { DataError } from "../../../errors.ts";
import { isList, PyDict } from "../../../jinja/values/values.ts";
import { literalEval } from "../../python/literal-eval.ts";
import type { Row } from "../../task-config.ts";
import { type KnownFunction, ofRow } from "../helper.ts";
import { textOf, textsOf } from "../row.ts";

const file = "race/preprocess_race";
const letters = ["A", "B", "C", "D"];

/** Questions about the article, written as a Python list. */
function problemsOf(row: Row): PyDict[] {
  const problems = literalEval(textOf(row, "problems"));
  if (isList(problems) && problems.length > 0 && problems.every((problem) => problem instanceof PyDict))
    return [...problems];
  throw new DataError("problems: expected a list of questions, got something else");
}

function answerIndex(problem: PyDict): number {
  const index = letters.indexOf(textOf(problem, "answer"));
  if (index >= 0) return index;
  throw new DataError(`answer: expected one of A, B, C, D, got ${JSON.stringify(textOf(problem, "answer"))}`);
}

function optionAt(problem: PyDict, index: number): string {
  const options = textsOf(problem, "options");
  const option = options[index];
  if (option !== undefined) return option;
  throw new DataError(`options: expected at least ${index + 1}, got ${options.length}`);
}

function promptOf(row: Row): string {
  const problems = problemsOf(row);
  const before = problems.slice(0, -1).map((problem) => {
    const question = textOf(problem, "question");
    const answer = optionAt(problem, answerIndex(problem));
    return question.endsWith("  _  .")
      ? `${question.slice(0, -5)}${answer}\n`
      : `Question: ${question}\nAnswer: ${answer}\n`;
  });
  return `Article: ${textOf(row, "article")}\n\n${before.join("")}${textOf(problems.at(-1)!, "question")}`;
}

export const race: readonly KnownFunction[] = [
  ofRow({ standsFor: `${file}.doc_to_text`, hashes: ["7a6017eb9561771b8906d523ba63e582"] }, promptOf),
  ofRow({ standsFor: `${file}.doc_to_target`, hashes: ["dcb7b86b1050cd5c5daa54452e376784"] }, (row) =>
    answerIndex(problemsOf(row).at(-1)!),
  ),
  ofRow({ standsFor: `${file}.doc_to_choice`, hashes: ["b4f5dbc1515c822d258ee4ba0541163f"] }, (row) =>
    [0, 1, 2, 3].map((i) => optionAt(problemsOf(row).at(-1)!, i)),
  ),
];
