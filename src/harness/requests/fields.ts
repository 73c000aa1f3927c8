import { DataError, messageOf } from "../../errors.ts";
import { createRun } from "../../jinja/values/run.ts";
import { repr, toText } from "../../jinja/values/text.ts";
import { isInteger, isList, PyDict, type Value } from "../../jinja/values/values.ts";
import { renderField } from "../jinja-field.ts";
import { literalEval } from "../python/literal-eval.ts";
import type { Field, Row, RowHelper, TaskConfig } from "../task-config.ts";

/** Rows and lists are data of a file that was read whole: writing one out is bounded by it. */
const run = createRun(1e9, true);

/** Python's `str(value)`. */
export function textOf(value: Value): string {
  return toText(value, run);
}

/** Python's `repr(value)`: as a key, equal for rows of one dataset exactly where the rows are. */
export function reprOf(value: Value): string {
  return repr(value, run);
}

/**
 * Reads a task's fields from rows as lm-evaluation-harness 0.4.13 does (ConfigurableTask.doc_to_text and the
 * rest): a string that names a column is that column, any other a template; what a template prints may be a
 * number or a list. `columns`: those of the rows that are asked about.
 */
export interface Fields {
  text(row: Row, field?: Field): string | number;
  target(row: Row, field?: Field): Value;
  choices(row: Row, field?: Field): string[];
  /** `key` is `gen_prefix` or `description`: undefined where there is none. */
  resolve(row: Row, key: string, field: Field | undefined): string | undefined;
}

export function fieldsOf(config: TaskConfig, columns: ReadonlySet<string>): Fields {
  const hasChoices = config.doc_to_choice !== undefined;
  /** A string that a template printed, or whatever a column holds. */
  const read = (row: Row, key: string, field: Field | undefined): { printed: string } | { held: Value } => {
    if (field === undefined) throw wrong(config, key, "a column, a template or a value", "none");
    if (isHelper(field)) return { held: field.ofRow(row) };
    if (typeof field !== "string") return { held: field as Value };
    if (columns.has(field)) return { held: row.get(field) ?? null };
    return { printed: at(key, () => renderField(field, row), [...columns]) };
  };
  const printed = (text: string): Value => (hasChoices && /^\d+$/.test(text) ? literalEval(text) : text);
  return {
    text(row, field = config.doc_to_text) {
      const found = read(row, "doc_to_text", field);
      const value = "held" in found ? found.held : printed(found.printed);
      if (typeof value === "string") return value;
      if (isInteger(value)) return Number(value);
      throw wrong(config, "doc_to_text", "a text, or the index of a choice", reprOf(value));
    },
    target(row, field = config.doc_to_target) {
      const found = read(row, "doc_to_target", field);
      if ("held" in found) return found.held;
      const text = found.printed;
      if (!(text.length >= 2 && text.startsWith("[") && text.endsWith("]"))) return printed(text);
      try {
        return literalEval(text);
      } catch {
        return text; // as upstream: what only looks like a list is a text
      }
    },
    choices(row, field = config.doc_to_choice) {
      const found = read(row, "doc_to_choice", field);
      const value = "held" in found ? found.held : at("doc_to_choice", () => literalEval(found.printed));
      const list = value instanceof PyDict ? [...value.entries()].map(([, choice]) => choice) : value;
      if (!isList(list) || list.length === 0)
        throw wrong(config, "doc_to_choice", "a list of texts", reprOf(value));
      for (const choice of list) {
        if (typeof choice !== "string")
          throw wrong(config, "doc_to_choice", "a list of texts", reprOf(choice));
      }
      return list as string[];
    },
    resolve(row, key, field) {
      if (field === undefined || field === "") return undefined;
      if (typeof field === "string" && row.has(field)) return textOf(row.get(field)!);
      const found = read(row, key, field);
      return "held" in found ? textOf(found.held) : found.printed;
    },
  };
}

/**
 * Does a part of a field. Says of which key it was where it fails, and the columns for a name that is none.
 */
function at<T>(key: string, make: () => T, columns: readonly string[] = []): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = messageOf(error);
    const isName = /^line \d+: '.*' is undefined$/s.test(message);
    const has = isName
      ? `; the row has ${columns.slice(0, 20).join(", ")}${columns.length > 20 ? ", …" : ""}`
      : "";
    throw new DataError(`${key}: ${message}${has}`, { cause: error });
  }
}

/** What a task's file makes of a row is not what the harness takes. */
export function wrong({ task, file }: TaskConfig, key: string, expected: string, got: string): DataError {
  const short = got.length > 200 ? `${got.slice(0, 200)}…` : got;
  return new DataError(`${file}: ${task}: ${key}: expected ${expected}, got ${short}`);
}

function isHelper(field: Field): field is RowHelper {
  return typeof field === "object" && "ofRow" in field;
}
