import { readFileSync } from "node:fs";
import { renderField } from "../../src/harness/jinja-field.ts";
import { literalEval } from "../../src/harness/python/literal-eval.ts";
import type { Row } from "../../src/harness/task-config.ts";
import { parseJson } from "../../src/jinja/values/parse-json.ts";
import { isList, PyDict, PyFloat, PyTuple, typeName, type Value } from "../../src/jinja/values/values.ts";
import type { Oracle } from "./oracle.ts";
import { same, sameOrFails, tried } from "./same.ts";

interface File {
  rows: { template: string; doc: number; text?: string; error?: string }[];
  literals: { text: string; value?: unknown; type?: string; error?: string }[];
}

/** Template fields by row, and Python literals. */
export const jinja: Oracle = {
  takes: (fileName) => fileName === "jinja.json",
  *compare(path) {
    const text = readFileSync(path, "utf8");
    const { rows, literals } = JSON.parse(text) as File;
    const docs = (parseJson(text) as PyDict).get("docs") as readonly Row[];
    for (const { template, doc, text, error } of rows) {
      const got = tried(() => renderField(template, docs[doc]!));
      yield sameOrFails(`jinja: ${template} of row ${doc}`, got, text, error !== undefined);
    }
    for (const { text, value, type, error } of literals) {
      const what = `jinja: literal ${text}`;
      const got = tried(() => literalEval(text));
      if (error !== undefined) yield sameOrFails(what, got, null, true);
      else yield same(what, [typeName(got as Value), plain(got as Value)], [type, value]);
    }
  },
};

function plain(value: Value): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) return value.items.map(plain);
  if (value instanceof PyDict)
    return Object.fromEntries(Array.from(value.entries(), ([key, item]) => [String(key), plain(item)]));
  return isList(value) ? value.map(plain) : value;
}
