import { DataError } from "../../../errors.ts";
import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Row } from "../../task-config.ts";
import { type KnownFunction, ofRow } from "../helper.ts";
import { textOf } from "../row.ts";

const file = "winogrande/preprocess_winogrande";
const indexes: Readonly<Record<string, number>> = { "1": 0, "2": 1 };

/** Before and after the blank that the options fill. */
function halves(row: Row): [string, string] {
  const sentence = textOf(row, "sentence");
  const at = sentence.indexOf("_");
  if (at < 0) throw new DataError(`sentence: expected a blank (_), got none`);
  return [sentence.slice(0, at), sentence.slice(at + 1)];
}

export const winogrande: readonly KnownFunction[] = [
  ofRow({ standsFor: `${file}.doc_to_text`, hashes: ["762ba2c3d0cc0c58fa82c5698f28251b"] }, (row) => {
    const index = indexes[textOf(row, "answer")];
    if (index !== undefined) return index;
    throw new DataError(`answer: expected 1 or 2, got ${JSON.stringify(textOf(row, "answer"))}`);
  }),
  ofRow({ standsFor: `${file}.doc_to_target`, hashes: ["38c5e10569339a3a55dbb07192e10b5c"] }, (row) =>
    stripBlanks(halves(row)[1], "both"),
  ),
  ofRow({ standsFor: `${file}.doc_to_choice`, hashes: ["4de24b21a2d7a8d1fb12bf1b02634204"] }, (row) =>
    [textOf(row, "option1"), textOf(row, "option2")].map((option) => halves(row)[0] + option),
  ),
];
