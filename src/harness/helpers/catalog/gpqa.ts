import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { PythonRandom } from "../../python/random.ts";
import type { Row } from "../../task-config.ts";
import { type KnownFunction, ofRows } from "../helper.ts";
import { columnOf, textOf, withColumns } from "../row.ts";

function cleaned(row: Row, column: string): string {
  if (columnOf(row, column) === null) return " ";
  return stripBlanks(textOf(row, column), "both").replaceAll(" [title]", ". ").replaceAll("  ", " ");
}

/**
 * The choices in the order that Python's `random` gives them after the harness has seeded it with 0. Upstream
 * goes on with one generator where several such tasks run after each other; here each begins anew.
 */
function shuffled(rows: readonly Row[], hasList: boolean): Row[] {
  const random = new PythonRandom(0);
  return rows.map((row) => {
    const right = cleaned(row, "Correct Answer");
    const wrong = [1, 2, 3].map((i) => cleaned(row, `Incorrect Answer ${i}`));
    const choices = [...wrong, right];
    random.shuffle(choices);
    const [choice1, choice2, choice3, choice4] = choices as [string, string, string, string];
    return withColumns(row, {
      choice1,
      choice2,
      choice3,
      choice4,
      ...(hasList ? { choices } : {}),
      answer: `(${"ABCD"[choices.indexOf(right)]})`,
    });
  });
}

export const gpqa: readonly KnownFunction[] = [
  ofRows(
    { standsFor: "gpqa/zeroshot/utils.process_docs", hashes: ["4e39de840d8caccdc4b3ae283553e3ea"] },
    (rows) => shuffled(rows, false),
  ),
  ofRows(
    { standsFor: "gpqa/generative/utils.process_docs", hashes: ["4a9db3a783ffd617874034a6dd725178"] },
    (rows) => shuffled(rows, true),
  ),
];
