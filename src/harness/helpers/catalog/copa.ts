import { DataError } from "../../../errors.ts";
import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Row } from "../../task-config.ts";
import { type KnownFunction, ofRow } from "../helper.ts";
import { columnOf, textOf } from "../row.ts";

const file = "super_glue/copa/utils";
const connectors: Readonly<Record<string, string>> = { cause: "because", effect: "therefore" };

/** With a small letter, as what goes on after "because". */
function choice(row: Row, key: "choice1" | "choice2"): string {
  const [first, ...rest] = textOf(row, key);
  if (first === undefined) throw new DataError(`${key}: expected a sentence, got an empty text`);
  return ` ${first.toLowerCase()}${rest.join("")}`;
}

export const copa: readonly KnownFunction[] = [
  ofRow({ standsFor: `${file}.doc_to_text`, hashes: ["f54441f04b624bcf180146424fff2527"] }, (row) => {
    const asked = textOf(row, "question");
    const connector = connectors[asked];
    if (connector === undefined) throw new DataError(`question: expected cause or effect, got ${asked}`);
    const premise = Array.from(stripBlanks(textOf(row, "premise"), "both"));
    return `${premise.slice(0, -1).join("")} ${connector}`;
  }),
  ofRow({ standsFor: `${file}.doc_to_target`, hashes: ["6adfe637054c5aa5289732b2d457952e"] }, (row) => {
    const label = columnOf(row, "label");
    return choice(row, label === 0 || label === false ? "choice1" : "choice2");
  }),
  ofRow({ standsFor: `${file}.doc_to_choice`, hashes: ["a818a3936992b6a5b6f328a515704caa"] }, (row) => [
    choice(row, "choice1"),
    choice(row, "choice2"),
  ]),
];
