import type { FieldsSpec } from "../../contracts/recipe.ts";
import { parseTemplate, pathsOf } from "../../datasets/rows/mapping/fields.ts";

const forms = {
  conversation: ["messages", "role", "content", "train", "roles", "tools"],
  columns: ["instruction", "input", "output", "history"],
  templates: ["prompt", "response", "context"],
} as const satisfies Record<string, readonly (keyof FieldsSpec)[]>;

/** What is wrong with a field mapping that its schema cannot say; `key` is "" where it is about the whole. */
export function fieldsProblems(fields: FieldsSpec | undefined): { key: string; message: string }[] {
  if (fields === undefined) return [];
  const used = Object.entries(forms).map(([form, keys]) => ({
    form,
    keys: keys.filter((key) => fields[key] !== undefined),
  }));
  const [first, second] = used.filter(({ keys }) => keys.length > 0);
  if (first === undefined) {
    return [{ key: "", message: "expected messages, output or prompt and response, got none of them" }];
  }
  if (second !== undefined) {
    const message = `expected keys of one form (${Object.values(forms)
      .map((keys) => keys.join(", "))
      .join("; ")}), got ${first.keys[0]} and ${second.keys[0]}`;
    return [{ key: second.keys[0]!, message }];
  }
  const problems: { key: string; message: string }[] = [];
  const need = (key: keyof FieldsSpec, why: string) => {
    if (fields[key] === undefined) problems.push({ key, message: `expected ${key}${why}, got nothing` });
  };
  if (first.form === "conversation") need("messages", ", the list of turns");
  else if (first.form === "columns") {
    need("output", ", the column with the answer");
    if (fields.input === undefined) need("instruction", " or input, the column with the question");
  } else {
    need("prompt", " beside response");
    need("response", " beside prompt");
    const { prompt = "", context } = fields;
    for (const key of ["prompt", "response"] as const) {
      const text = fields[key];
      if (text === undefined || pathsOf(parseTemplate(text)).length > 0) continue;
      const hint = /^[\w.-]+$/.test(text) ? `. For the column ${text} write "{{${text}}}"` : "";
      problems.push({ key, message: `expected at least one {{column}}, got none${hint}` });
    }
    if (context !== undefined && !pathsOf(parseTemplate(prompt)).includes(context))
      problems.push({ key: "context", message: `expected a column that prompt has as {{${context}}}` });
  }
  return problems;
}
