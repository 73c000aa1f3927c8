import { TemplateError } from "../jinja/errors.ts";
import { bind, integerArgument, textArgument } from "../jinja/functions/arguments.ts";
import type { Filter } from "../jinja/functions/text-filters.ts";
import { Template } from "../jinja/template.ts";
import { toJson } from "../jinja/values/to-json.ts";
import { PyMarkup } from "../jinja/values/values.ts";
import { compilePattern, type Pattern } from "./python/regex/pattern.ts";
import type { Row } from "./task-config.ts";

/** Templates, and patterns of `regex_replace`, that are kept read: a task has a few. */
const maxKept = 500;

/** `make(source)`, kept for the sources that were asked for last. */
function kept<T>(make: (source: string) => T): (source: string) => T {
  const made = new Map<string, T>();
  return (source) => {
    const found = made.get(source) ?? make(source);
    made.delete(source);
    made.set(source, found);
    if (made.size > maxKept) made.delete(made.keys().next().value!);
    return found;
  };
}

const patternOf: (source: string) => Pattern = kept(compilePattern);

/** The harness's own filter: Python's `re.sub`. */
const regexReplace: Filter = (value, given, run) => {
  const [pattern, replacement, count] = bind("regex_replace", given, ["pattern", "repl", "count"], 2);
  const text = textArgument("regex_replace", value, run);
  const replaced = patternOf(textArgument("regex_replace", pattern, run)).sub(
    textArgument("regex_replace", replacement, run),
    text,
    integerArgument("regex_replace", count, 0),
  );
  run.spendText(text.length + replaced.length);
  return replaced;
};

/** Jinja's own `tojson`, which chat templates have another one for: keys sorted, safe in HTML. */
const tojson: Filter = (value, given, run) => {
  const [indent = null] = bind("tojson", given, ["indent"]);
  const step =
    indent === null ? null : " ".repeat(Math.min(100, Math.max(0, integerArgument("tojson", indent))));
  const json = toJson(value, { ensureAscii: true, indent: step, separators: null, sortKeys: true }, run);
  return new PyMarkup(json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
};

const templateOf = kept(
  (source) =>
    new Template(source, {
      trimBlocks: false,
      lstripBlocks: false,
      keepTrailingNewline: true,
      isStrict: true,
      hasClassNames: true,
      filters: { regex_replace: regexReplace, tojson },
    }),
);

/**
 * A field of a task file for one row, as lm-evaluation-harness renders it: columns are names, one that is not
 * there is an error. Throws TemplateError.
 */
export function renderField(template: string, row: Row): string {
  const names: [string, unknown][] = [];
  for (const [name, value] of row.entries()) if (typeof name === "string") names.push([name, value]);
  return templateOf(template).render(Object.fromEntries(names));
}

/** What is wrong with a template, before any row: undefined if it can be read. */
export function checkField(template: string): string | undefined {
  try {
    templateOf(template);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}
