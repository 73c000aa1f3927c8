import type { TSchema } from "@sinclair/typebox";
import { textOf } from "./schema-text.ts";

/**
 * TypeScript interfaces made from schemas, as a recipe is written: keys with a default may be left out, and
 * every key brings its description to the editor.
 */

/** What a schema's own type would be too loose for: a type by its name, and the file that has it. */
export interface Named {
  type: string;
  file: string;
}

export interface InterfaceFile {
  /** Interfaces by name. */
  interfaces: Readonly<Record<string, TSchema>>;
  /** Types of keys in place of what their schema says, by `Interface.key`. */
  typed?: Readonly<Record<string, Named>>;
  /** Keys that are needed though the schema lets them out, by `Interface.key`. */
  needed?: readonly string[];
  /** Lines after the interfaces. */
  after?: readonly string[];
}

const head = "// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.";
const columns = 110;

/**
 * One file. `elsewhere`: schemas that another file has as an interface, by what they are (see `textOf`).
 */
export function interfaceFile(
  own: string,
  file: InterfaceFile,
  elsewhere: ReadonlyMap<string, Named>,
): string {
  const imports = new Map<string, Set<string>>();
  const use = ({ type, file: from }: Named): string => {
    if (from !== own) imports.set(from, (imports.get(from) ?? new Set()).add(type.replace(/\[\]$/, "")));
    return type;
  };
  const typeOf = (schema: TSchema, indent: string): string => {
    const named = elsewhere.get(textOf(schema));
    if (named) return use(named);
    if (schema.enum) return schema.enum.map((word: unknown) => JSON.stringify(word)).join(" | ");
    return [schema.type ?? "unknown"]
      .flat()
      .map((type: string) => oneType(type, schema, indent))
      .join(" | ");
  };
  const oneType = (type: string, schema: TSchema, indent: string): string => {
    if (type === "integer") return "number";
    if (type === "array") {
      const items = typeOf((schema.items ?? {}) as TSchema, indent);
      return `readonly ${items.includes(" ") ? `(${items})` : items}[]`;
    }
    if (type !== "object") return type;
    if (schema.properties) return `{\n${members("", schema, `${indent}  `).join("\n")}\n${indent}}`;
    const values = schema.additionalProperties;
    const value = typeof values === "object" ? typeOf(values as TSchema, indent) : "unknown";
    return `Readonly<Record<string, ${value.includes("object") ? "unknown" : value}>>`;
  };
  const members = (name: string, schema: TSchema, indent: string): string[] =>
    Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, property]) => {
      const at = `${name}.${key}`;
      const isNeeded =
        file.needed?.includes(at) ||
        ((schema.required ?? []).includes(key) && property.default === undefined);
      const given = file.typed?.[at];
      const type = given ? use(given) : typeOf(property, indent);
      const left = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
      const said = [property.description ?? "", defaultOf(property)].filter((text) => text !== "").join(" ");
      return [
        ...comment(said, indent),
        ...property_(`${indent}${left}${isNeeded ? "" : "?"}:`, type, isNeeded ?? false, indent),
      ];
    });
  const body = Object.entries(file.interfaces).flatMap(([name, schema]) => {
    const inside = members(name, schema, "  ");
    const declared = inside.length === 0 ? [`export type ${name} = Readonly<Record<string, never>>;`] : [];
    const lines = [`export interface ${name} {`, ...inside, "}"];
    return ["", ...comment(schema.description ?? "", ""), ...(declared.length > 0 ? declared : lines)];
  });
  const imported = [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, types]) => `import type { ${[...types].sort().join(", ")} } from "./${from}";`);
  const after = file.after ? ["", ...file.after] : [];
  return `${[head, ...(imported.length > 0 ? ["", ...imported] : []), ...body, ...after].join("\n")}\n`;
}

/** A key and its type, on one line where there is room; a key that may be left out may be undefined. */
function property_(left: string, type: string, isNeeded: boolean, indent: string): string[] {
  const full = isNeeded ? type : `${type} | undefined`;
  const line = `${left} ${full};`;
  if (line.length <= columns || type.startsWith("{")) return [line];
  return [left, ...full.split(" | ").map((part) => `${indent}  | ${part}`)].map((text, i, all) =>
    i === all.length - 1 ? `${text};` : text,
  );
}

function comment(text: string, indent: string): string[] {
  if (text === "") return [];
  const safe = text.replaceAll("*/", "*\\/");
  const short = `${indent}/** ${safe} */`;
  if (short.length <= columns) return [short];
  const lines: string[] = [];
  for (const word of safe.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${indent} * ${last} ${word}`.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function defaultOf({ default: value }: TSchema): string {
  const isNothing =
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return isNothing ? "" : `Default: ${JSON.stringify(value)}.`;
}
