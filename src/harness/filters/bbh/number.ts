import { compilePattern } from "../../python/regex/pattern.ts";
import { regexOptions } from "../catalog/regex.ts";
import type { HarnessFilter } from "../filter.ts";
import { finderOf, ignoringOptions } from "../finder.ts";
import { itemsOf, onlyOptions, textOf } from "../options.ts";
import { numberOfWords } from "./number-words.ts";

/**
 * A part of a number in words. Upstream's pattern has three of them, each with other endings left out, so
 * that "six" and "eight" alone are not found.
 */
function part(endings: string, eights: string): string {
  return (
    `zero|one|two|three|four|five|(?:twen|thir|for|fif|six|seven|nine)(?:${endings})|eight(?:${eights})|ten|` +
    "eleven|twelve|fourteen|hundred|thousand|(?:m|b|tr)illion"
  );
}

const first = part("teen|ty", "|een|y");
const next = part("|teen|ty", "een|y");
const last = part("teen|ty", "een|y");
const inWords = compilePattern(`((?:(?:${first})(?:${next}|[^\\S\\r\\n]|,|and|&)+)?(?:${last}))`);

/** What the pattern finds, else a number in English words, in digits. */
export const bbhNumberFilter: HarnessFilter = {
  name: "bbh_number",
  make(options) {
    onlyOptions(options, ["regex_pattern", ...ignoringOptions]);
    const { pattern, groupSelect, fallback } = regexOptions(options);
    const { find } = finderOf(options, groupSelect);
    return (answers) =>
      itemsOf(answers).map((answer) => {
        const text = textOf(answer, "bbh_number");
        const digits = find(pattern, text);
        if (digits !== "") return digits;
        const words = find(inWords, text.toLowerCase());
        return words === "" ? fallback : String(numberOfWords(words));
      });
  },
};
