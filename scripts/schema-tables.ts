import type { TSchema } from "@sinclair/typebox";

/** Markdown tables made from schemas: keys, their values, their defaults and their meaning. */

/**
 * A table of every key of a mapping. Keys of a mapping inside it get rows of their own, `outer.inner`, unless
 * `whole` names that mapping.
 */
export function keyTable(schema: TSchema, whole: readonly string[] = []): string {
  return table(["key", "value", "default", "meaning"], rowsOf(schema, "", whole));
}

/** A table of the options of several entries of a catalog. `what`: the title of the first column. */
export function optionTable(what: string, entries: Readonly<Record<string, TSchema>>): string {
  const rows = Object.entries(entries).flatMap(([name, schema]) =>
    rowsOf(schema, "", []).map((row) => [code(name), ...row]),
  );
  return table([what, "option", "value", "default", "meaning"], rows);
}

/** A schema without these keys, which have their own table. */
export function without(schema: TSchema, keys: readonly string[]): TSchema {
  const properties = Object.fromEntries(propertiesOf(schema).filter(([key]) => !keys.includes(key)));
  return { ...schema, properties };
}

function rowsOf(schema: TSchema, prefix: string, whole: readonly string[]): string[][] {
  return propertiesOf(schema).flatMap(([key, property]) => {
    const isNeeded = (schema.required ?? []).includes(key);
    const row = [code(prefix + key), takes(property), defaultOf(property, isNeeded), said(property)];
    return [row, ...(whole.includes(key) ? [] : rowsOf(property, `${prefix}${key}.`, whole))];
  });
}

const propertiesOf = (schema: TSchema) =>
  Object.entries((schema.properties ?? {}) as Record<string, TSchema>);

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!, fill)).join(" | ")} |`;
  const rule = line(
    heads.map(() => ""),
    "-",
  );
  return [line(heads), rule, ...rows.map((row) => line(row))].join("\n");
}

function said({ description = "" }: TSchema): string {
  return description.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

/** What a schema takes, in words: `whole number ≥ 1`, `number 0–1`, `list of `a`, `b``. */
function takes(schema: TSchema): string {
  if (schema.enum) return schema.enum.map((word: unknown) => code(String(word))).join(", ");
  const words = [schema.type].flat().map((type: string) => {
    if (type === "array") return listOf(schema.items as TSchema);
    return types[type] ?? type;
  });
  return words.join(" or ").replace("number", `number${rangeOf(schema)}`);
}

const types: Readonly<Record<string, string>> = {
  integer: "whole number",
  number: "number",
  string: "text",
  boolean: "`true`, `false`",
  object: "mapping",
  null: "`null`",
};

function listOf(items: TSchema): string {
  if (items.enum) return `list of ${takes(items)}`;
  return items.type === "object" ? "list of mappings" : `list of ${takes(items)}`;
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: TSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`;
  const bounds = [
    minimum === undefined ? "" : ` ≥ ${minimum}`,
    exclusiveMinimum === undefined ? "" : ` > ${exclusiveMinimum}`,
    maximum === undefined ? "" : ` ≤ ${maximum}`,
    exclusiveMaximum === undefined ? "" : ` < ${exclusiveMaximum}`,
  ];
  return bounds.filter((bound) => bound !== "").join(",");
}

function defaultOf(schema: TSchema, isNeeded: boolean): string {
  if (schema.default === undefined) return isNeeded ? "needed" : "–";
  return code(flow(schema.default));
}

/** A value as YAML in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "string") return value === "" ? '""' : value;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, entry]) => `${key}: ${flow(entry)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

export function code(text: string): string {
  return `\`${text}\``;
}
