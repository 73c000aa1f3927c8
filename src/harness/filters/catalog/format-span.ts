import { strip, stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { compilePattern } from "../../python/regex/pattern.ts";
import type { HarnessFilter } from "../filter.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";

/** Labels as models write them, and as they are scored; replaced in this order. */
const labels: readonly (readonly [written: string, label: string])[] = [
  ["person", "PER"],
  ["location", "LOC"],
  ["organization", "ORG"],
  ["counties", "LOC"],
  ["places", "LOC"],
  ["people", "PER"],
  ["persons", "PER"],
  ["company", "ORG"],
  ["country", "LOC"],
  ["continent", "LOC"],
  ["time", "DATE"],
  ["date", "DATE"],
  ["per", "PER"],
  ["loc", "LOC"],
  ["org", "ORG"],
];
const labelPatterns = labels.map(
  ([written, label]) => [compilePattern(`\\b${written}\\s*:`), `${label}:`] as const,
);
const spans = compilePattern("\\b(PER|LOC|ORG|DATE):\\s*([^$]+)");

/** Named entities, `per: Ada $ loc: Paris`, of an answer that lists them by label. */
export const formatSpanFilter: HarnessFilter = {
  name: "format_span",
  make(options) {
    onlyOptions(options, []);
    return (answers) => itemsOf(answers).map((answer) => format(textOf(answer, "format_span")));
  },
};

function format(answer: string): string {
  const lower = answer.toLowerCase().toLowerCase();
  const labelled = labelPatterns.reduce((text, [pattern, label]) => pattern.sub(label, text), lower);
  const joined = strip(labelled.split("$$").join("$"), "$", "end");
  const found = spans.findall(stripBlanks(joined.replaceAll("\n", "$"), "both"));
  const entities = found.flatMap(([label, values]) =>
    values!
      .split(",")
      .map((value) => stripBlanks(value, "both"))
      .filter((value) => value.toLowerCase() !== "none")
      .map((value) => `${label!.toLowerCase()}: ${value}`),
  );
  return entities.join(" $ ");
}
