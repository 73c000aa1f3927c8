import { DataError } from "../../../errors.ts";
import { capitalize, stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { integer } from "../../../jinja/values/values.ts";
import { type KnownFunction, ofEachRow } from "../helper.ts";
import { textOf, textsOf, withColumns } from "../row.ts";

/** WikiHow's marks out: titles become sentences, what else stands in brackets goes. */
function cleaned(text: string): string {
  return stripBlanks(text, "both")
    .replaceAll(" [title]", ". ")
    .replace(/\[[^\n]*?\]/g, "")
    .replaceAll("  ", " ");
}

export const hellaswag: readonly KnownFunction[] = [
  ofEachRow(
    { standsFor: "hellaswag/utils.process_docs", hashes: ["1f730df42cc990e15f4d990b42a9922f"] },
    (row) => {
      const context = `${textOf(row, "ctx_a")} ${capitalize(textOf(row, "ctx_b"))}`;
      const label = textOf(row, "label").trim();
      if (!/^[-+]?\d+$/.test(label))
        throw new DataError(`label: expected a number, got ${JSON.stringify(label)}`);
      return withColumns(row, {
        query: cleaned(`${textOf(row, "activity_label")}: ${context}`),
        choices: textsOf(row, "endings").map(cleaned),
        gold: integer(BigInt(label.replace("+", ""))),
      });
    },
  ),
];
