import { stripBlanks } from "../../jinja/functions/string-methods.ts";
import type { Pattern } from "../python/regex/pattern.ts";
import type { FilterOptions } from "./filter.ts";
import { flagOption, itemAt, patternsOption } from "./options.ts";

/** What the filters with a pattern and things to ignore have in common. */
export interface Finder {
  /** Without what is ignored: patterns, then capitals, then punctuation. */
  plain(text: string): string;
  /** The match that is asked for, stripped; "" where there is none. */
  find(by: Pattern, text: string, renamed?: ReadonlyMap<string, string>): string;
  /** `plain` changes nothing. */
  isPlain: boolean;
}

export const ignoringOptions = [
  "group_select",
  "fallback",
  "ignore_case",
  "ignore_punctuation",
  "regexes_to_ignore",
];

/** Reads `ignore_case`, `ignore_punctuation` and `regexes_to_ignore`. */
export function finderOf(options: FilterOptions, groupSelect: number): Finder {
  const ignored = patternsOption(options, "regexes_to_ignore");
  const ignoreCase = flagOption(options, "ignore_case");
  const ignorePunctuation = flagOption(options, "ignore_punctuation");
  return {
    plain(text) {
      let rest = ignored.reduce((left, one) => one.sub("", left), text);
      if (ignoreCase) rest = rest.toLowerCase();
      return ignorePunctuation ? rest.replace(/\p{P}/gu, "") : rest;
    },
    find(by, text, renamed) {
      const found = by.findall(text);
      if (found.length === 0) return "";
      const match = itemAt(found, groupSelect, "group_select");
      const first = typeof match === "string" ? match : match.find((group) => group !== "");
      const stripped = stripBlanks(first ?? "", "both");
      return stripped === "" ? "" : (renamed?.get(stripped) ?? stripped);
    },
    isPlain: ignored.length === 0 && !ignoreCase && !ignorePunctuation,
  };
}
