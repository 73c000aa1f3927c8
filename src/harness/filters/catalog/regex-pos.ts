import { compilePattern } from "../../python/regex/pattern.ts";
import type { HarnessFilter } from "../filter.ts";
import { integerOption, itemsOf, onlyOptions, patternOption, textOf } from "../options.ts";

const tagged = compilePattern("\\('([^']*)', '([^']*)'\\)");

/** Takes the tags of `('word', 'TAG')` pairs. Its options are read, and have no effect, as in the harness. */
export const regexPosFilter: HarnessFilter = {
  name: "regex_pos",
  make(options) {
    onlyOptions(options, ["regex_pattern", "group_select", "fallback"]);
    patternOption(options, "regex_pattern", "\\['(.*?)'\\]");
    integerOption(options, "group_select", 0);
    const fallback = options.fallback ?? ["invalid"];
    return (answers) =>
      itemsOf(answers).map((answer) => {
        const tags = tagged.findall(textOf(answer, "regex_pos")).map((pair) => pair[1]!);
        return tags.length > 0 ? tags : fallback;
      });
  },
};
