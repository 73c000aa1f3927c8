import { compilePattern } from "../../python/regex/pattern.ts";
import type { Row } from "../../task-config.ts";
import { byChoices } from "../catalog/multi-choice-regex.ts";
import { inputOf } from "./input.ts";

const choice = compilePattern("\\([A-Z]\\)([^\\n^(]*)");

/** The letter of an answer, by the choices `(A) …` that the row's question lists. */
export const bbhMultiChoiceFilter = byChoices("bbh_multi_choice", choicesOf);

function choicesOf(row: Row): string[] {
  return choice.findall(inputOf(row, "bbh_multi_choice")).map((found) => found as string);
}
