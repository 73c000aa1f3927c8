import type { Role } from "../../../contracts/example.ts";
import type { FieldsSpec } from "../../../contracts/recipe.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { type Dropped, drop, type RowFacts, type Turns } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { alpaca } from "../formats/alpaca.ts";
import { withColumns, withSystem } from "../row-columns.ts";
import { toolsOf } from "../turns/read-tools.ts";
import { knownRoles, messagesOf, type TurnKeys, turnKeysOf } from "../turns/turns.ts";
import { columnOf, parseTemplate, pathsOf, plainText, renderTemplate, textAt, valueAt } from "./fields.ts";

type Reader = (row: JsonObject) => Turns | Dropped;

/** A recipe's field mapping as a format: one of the three forms that docs/data.md describes. */
export function mappedRows(fields: FieldsSpec): RowFormat {
  const system = parseTemplate(fields.system ?? "");
  const turnKeys = turnKeysIn(fields);
  const read =
    fields.messages !== undefined
      ? listReader(fields, turnKeys)
      : fields.prompt !== undefined
        ? templateReader(fields)
        : columnReader(fields);
  return {
    kind: "rows",
    keys: keysIn(fields),
    ...(fields.messages === undefined ? {} : { turnKeys: turnKeysOf(turnKeys) }),
    fits: () => true,
    convert(row) {
      const turns = read(row);
      if ("dropped" in turns) return turns;
      const head = renderTemplate(system, row, { fallback: "" });
      if ("dropped" in head) return head;
      const about = factsOf(row, fields);
      if ("dropped" in about) return about;
      const told = head.text.trim() === "" ? turns : withSystem(turns, head.text, "fields.system");
      return { ...told, about };
    },
  };
}

function turnKeysIn({ role = "role", content = "content", train, roles }: FieldsSpec): TurnKeys {
  return { role, content, ...(train === undefined ? {} : { train }), roles: rolesOf(roles) };
}

/** All that a mapping reads of a row: each path, and the column that it begins with. */
function keysIn(fields: FieldsSpec): string[] {
  const { messages, tools, instruction, input, output, history, context, id, document, answers } = fields;
  const named = [messages, tools, instruction, input, output, history, context, id, document, answers];
  const templates = [fields.system, fields.prompt, fields.response].map((text) => parseTemplate(text ?? ""));
  const paths = [...named.filter((path) => path !== undefined), ...templates.flatMap(pathsOf)];
  return paths.flatMap((path) => [path, columnOf(path)]);
}

/** The form with `messages`: a list of turns. */
function listReader(fields: FieldsSpec, turnKeys: TurnKeys): Reader {
  return (row) => {
    const list = listAt(row, fields.messages!);
    if ("dropped" in list) return list;
    const messages = messagesOf(list.items, turnKeys);
    if ("dropped" in messages) return messages;
    const tools = fields.tools === undefined ? undefined : toolsOf(valueAt(row, fields.tools), fields.tools);
    if (typeof tools === "object") return tools;
    // Of the row's columns only those that are named; what turns have of their own is theirs.
    return withColumns({ messages, ...(tools !== undefined && { tools }) }, {}, list.items);
  };
}

/** The form with `prompt` and `response`: templates of one question and its answer. */
function templateReader({ prompt = "", response = "", context }: FieldsSpec): Reader {
  const [asked, answered] = [parseTemplate(prompt), parseTemplate(response)];
  return (row) => {
    const question = renderTemplate(asked, row, context === undefined ? {} : { contextPath: context });
    if ("dropped" in question) return question;
    const answer = renderTemplate(answered, row);
    if ("dropped" in answer) return answer;
    const spans = question.spans.map((span) => ({ message: 0, ...span }));
    return {
      messages: [
        { role: "user", content: question.text },
        { role: "assistant", content: answer.text },
      ],
      ...(spans.length > 0 ? { context: spans } : {}),
    };
  };
}

/** The form with `instruction` and `output`: Alpaca's under other names. */
function columnReader(fields: FieldsSpec): Reader {
  return (row) => {
    const made: JsonObject = {
      history: fields.history === undefined ? [] : (valueAt(row, fields.history) ?? []),
    };
    for (const key of ["instruction", "input", "output"] as const) {
      const path = fields[key];
      const text = path === undefined ? "" : textAt(row, path, key === "input" ? "" : undefined);
      if (typeof text !== "string") return text;
      made[key] = text;
    }
    return alpaca.convert(made);
  };
}

/** A list, or JSON text of one, as CSV and some Parquet files have it. */
function listAt(row: JsonObject, path: string): { items: unknown[] } | Dropped {
  let value = valueAt(row, path);
  if (typeof value === "string") {
    try {
      value = JSON.parse(value) as unknown;
    } catch {
      return drop("json_syntax", `expected a list or JSON of one under ${path}, got other text`);
    }
  }
  return Array.isArray(value)
    ? { items: value }
    : drop("missing_messages", `expected a list under ${path}, got ${nameOf(value)}`);
}

function rolesOf(own: FieldsSpec["roles"] = {}): ReadonlyMap<string, Role> {
  const added = Object.entries(own).flatMap(([role, names]) =>
    names.map((name) => [name, role as Role] as const),
  );
  return new Map([...knownRoles, ...added]);
}

function factsOf(row: JsonObject, fields: FieldsSpec): RowFacts | Dropped {
  const facts: RowFacts = {};
  for (const key of ["id", "document"] as const) {
    const path = fields[key];
    if (path === undefined) continue;
    const text = textAt(row, path, "");
    if (typeof text !== "string") return text;
    if (text !== "") facts[key] = text.toWellFormed();
  }
  if (fields.answers !== undefined) {
    const value = valueAt(row, fields.answers);
    const answers = (Array.isArray(value) ? value : [value]).map(plainText);
    if (answers.length === 0 || answers.includes(null))
      return drop("missing_field", `expected a text or texts under ${fields.answers}, got ${nameOf(value)}`);
    facts.answers = [...new Set(answers as string[])];
  }
  return facts;
}
