import { readFileSync } from "node:fs";
import { applyFilters } from "../../src/harness/filters/apply.ts";
import { makeExactMatch } from "../../src/harness/metrics/exact-match.ts";
import type { Row } from "../../src/harness/task-config.ts";
import { fromJs } from "../../src/jinja/values/from-js.ts";
import type { Value } from "../../src/jinja/values/values.ts";
import type { Oracle } from "./oracle.ts";
import { sameOrFails, tried } from "./same.ts";

type Options = Record<string, unknown>;
interface File {
  rows: {
    filter: string;
    options: Options;
    doc?: Options;
    response?: string;
    responses?: string[];
    filtered: unknown;
    error?: string;
  }[];
  exact_match: {
    prediction: string;
    reference: string;
    options: Options;
    exact_match?: number;
    error?: string;
  }[];
}

/** Filters on answers, and `exact_match` with its options. */
export const lmEvalFilters: Oracle = {
  takes: (fileName) => fileName === "lm-eval-filters.json",
  *compare(path) {
    const file = JSON.parse(readFileSync(path, "utf8")) as File;
    for (const row of file.rows) {
      const pipeline = [{ function: row.filter, options: values(row.options) }];
      const doc = fromJs(row.doc ?? {}) as Row;
      const got = tried(() => {
        const [filtered] = applyFilters(pipeline, [row.responses ?? [row.response!]], [doc]);
        return filtered && "value" in filtered ? filtered.value : filtered;
      });
      // Of one answer the file has what was made of it, not the list.
      const fails = row.error !== undefined || isError(row.filtered);
      const expected = row.responses ? row.filtered : [row.filtered];
      const what = `lm-eval-filters: ${row.filter} of ${JSON.stringify(row.responses ?? row.response)}`;
      yield sameOrFails(what, got, expected, fails);
    }
    for (const { prediction, reference, options, exact_match, error } of file.exact_match) {
      const got = tried(() => makeExactMatch(values(options))([prediction], [reference]));
      const fails = error !== undefined || isError(exact_match);
      yield sameOrFails(
        `lm-eval-filters: exact_match of ${JSON.stringify(prediction)}`,
        got,
        exact_match,
        fails,
      );
    }
  },
};

function values(options: Options): Record<string, Value> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, fromJs(value)]));
}

function isError(expected: unknown): boolean {
  return typeof expected === "object" && expected !== null && "error" in expected;
}
