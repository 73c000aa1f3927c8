import type { Message, Role } from "../../contracts/example.ts";
import type { FieldsSpec } from "../../contracts/recipe.ts";
import { type JsonObject, nameOf } from "../files/json-rows.ts";
import { type Dropped, drop, type RowFacts, type Turns } from "./conversation.ts";
import { columnOf, parseTemplate, pathsOf, plainText, renderTemplate, textAt, valueAt } from "./fields.ts";
import type { RowFormat } from "./format.ts";
import { alpaca } from "./formats/alpaca.ts";
import { toolsOf } from "./read-tools.ts";
import { knownRoles, messagesOf, type TurnKeys, turnKeysOf } from "./turns.ts";

/** A recipe's field mapping as a format: one of the three forms that docs/data.md describes. */
export function mappedRows(fields: FieldsSpec): RowFormat {
  const system = parseTemplate(fields.system ?? "");
  const prompt = parseTemplate(fields.prompt ?? "");
  const response = parseTemplate(fields.response ?? "");
  const read =
    fields.messages !== undefined ? conversation : fields.prompt !== undefined ? templates : columns;

  const turnKeys: TurnKeys = {
    role: fields.role ?? "role",
    content: fields.content ?? "content",
    ...(fields.train === undefined ? {} : { train: fields.train }),
    roles: rolesOf(fields.roles),
  };

  function conversation(row: JsonObject): Turns | Dropped {
    const list = listAt(row, fields.messages!);
    if ("dropped" in list) return list;
    const messages = messagesOf(list.items, turnKeys);
    if ("dropped" in messages) return messages;
    const tools = fields.tools === undefined ? undefined : toolsOf(valueAt(row, fields.tools), fields.tools);
    if (tools !== undefined && "dropped" in tools) return tools;
    return { messages, ...(tools && { tools }) };
  }

  function templates(row: JsonObject): Turns | Dropped {
    const { context } = fields;
    const question = renderTemplate(prompt, row, context === undefined ? {} : { contextPath: context });
    if ("dropped" in question) return question;
    const answer = renderTemplate(response, row);
    if ("dropped" in answer) return answer;
    const spans = question.spans.map((span) => ({ message: 0, ...span }));
    return {
      messages: [
        { role: "user", content: question.text },
        { role: "assistant", content: answer.text },
      ],
      ...(spans.length > 0 ? { context: spans } : {}),
    };
  }

  /** Alpaca's form under other names. */
  function columns(row: JsonObject): Turns | Dropped {
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
  }

  const paths = [
    fields.messages,
    fields.tools,
    fields.instruction,
    fields.input,
    fields.output,
    fields.history,
    fields.context,
  ];
  const facts = [fields.id, fields.document, fields.answers];
  const used = [...paths, ...facts].filter((path) => path !== undefined);
  return {
    kind: "rows",
    keys: [...used, ...[system, prompt, response].flatMap(pathsOf)].flatMap((path) => [path, columnOf(path)]),
    ...(fields.messages === undefined ? {} : { turnKeys: turnKeysOf(turnKeys) }),
    fits: () => true,
    convert(row) {
      const turns = read(row);
      if ("dropped" in turns) return turns;
      const head = renderTemplate(system, row, { fallback: "" });
      if ("dropped" in head) return head;
      const about = factsOf(row, fields);
      if ("dropped" in about) return about;
      const withSystem =
        head.text.trim() === "" ? turns : withFirst({ role: "system", content: head.text }, turns);
      return { ...withSystem, about };
    },
  };
}

function withFirst(first: Message, { messages, context, ...rest }: Turns): Turns {
  const moved = context?.map((span) => ({ ...span, message: span.message + 1 }));
  return { ...rest, messages: [first, ...messages], ...(moved ? { context: moved } : {}) };
}

/** A list, or JSON text of one: CSV and some Parquet files keep conversations so. */
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
