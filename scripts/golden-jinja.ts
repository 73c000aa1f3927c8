import { readFileSync } from "node:fs";
import { chatOptions, Template } from "../src/jinja/template.ts";
import { parseJson } from "../src/jinja/values/parse-json.ts";
import { PyDict, type Value } from "../src/jinja/values/values.ts";

/**
 * Renders every snippet of a file of cases, `{ cases: [{ name, template, context, expected | error }] }`, as
 * chat templates are rendered, and says which differ from what Python's jinja2 gave. Exit code 1 when any
 * does.
 */
const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error(
    "usage: npm run golden-jinja -- FILE\n  FILE is JSON: {cases: [{name, template, context, expected | error}]}",
  );
  process.exit(2);
}

const cases = (parseJson(readFileSync(path, "utf8")) as PyDict).get("cases") as readonly PyDict[];
let failed = 0;
for (const one of cases) {
  const got = rendered(one);
  const expected = one.get("expected");
  const isRight = expected === undefined ? "error" in got : "text" in got && got.text === expected;
  if (isRight) continue;
  failed++;
  const wanted = expected === undefined ? `an error (${show(one.get("error"))})` : show(expected);
  console.log(
    `${show(one.get("name"))}: expected ${wanted}, got ${"text" in got ? show(got.text) : `error: ${got.error}`}`,
  );
}
console.log(`${cases.length - failed} of ${cases.length} snippets as Python renders them`);
process.exit(failed > 0 ? 1 : 0);

function rendered(one: PyDict): { text: string } | { error: string } {
  try {
    const template = new Template(one.get("template") as string, chatOptions);
    const context = one.get("context");
    const entries = context instanceof PyDict ? [...context.entries()] : [];
    return {
      text: template.render(Object.fromEntries(entries.map(([name, value]) => [String(name), value]))),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function show(value: Value | undefined): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
