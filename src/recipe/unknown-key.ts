import type { TSchema } from "@sinclair/typebox";
import { stringify } from "yaml";
import { recipeSchema } from "../contracts/recipe.ts";
import { expectation } from "./expectation.ts";
import type { ForeignKey } from "./foreign/foreign-key.ts";
import { foreignKey } from "./foreign/index.ts";
import { editDistance, suggestion } from "./nearest.ts";
import type { Path } from "./source.ts";

/** What to write in place of a key, and where: the last step is the key. */
export interface Instead {
  path: Path;
  value: unknown;
}

/** What is wrong with a key. */
export interface UnknownKey {
  message: string;
  instead?: Instead;
}

/** What is wrong with a key that is not there, and what was meant: a typo, another place, another tool's. */
export function unknownKey(path: Path, value: unknown, siblings: readonly string[]): UnknownKey {
  const key = String(path.at(-1));
  const dotted = nestedPath(key, path);
  if (dotted !== undefined)
    return { message: "a dot does not nest keys in a file", instead: { path: dotted, value } };
  const isTypo = siblings.some((name) => editDistance(name.toLowerCase(), key.toLowerCase()) <= 1);
  const places = keysOf(recipeSchema).filter((place) => place.at(-1) === key);
  const foreign = foreignKey(key, isInDataset(path));
  if (foreign !== undefined && ("here" in foreign || places.length === 0)) {
    const problem = ofForeignKey(path, value, foreign);
    if (problem !== undefined) return problem;
  }
  if (places.length > 0 && !isTypo) return atWrongLevel(path, value, places);
  return { message: `unknown key ${key}; ${suggestion(key, siblings)}` };
}

/** What a value of a key that is here too means in another tool's config; undefined where it is not known. */
export function foreignValue(path: Path, value: unknown): unknown {
  const foreign = foreignKey(String(path.at(-1)), isInDataset(path));
  if (foreign === undefined || !("here" in foreign) || foreign.as === undefined) return undefined;
  if (placeOf(foreign.here, path).join(".") !== path.join(".")) return undefined;
  const meant = foreign.as(value);
  return meant === value ? undefined : meant;
}

/** The line to write in place of a wrong one, as the file or the command line has it. */
export function written({ path, value }: Instead, from: Path | null): string {
  const key = String(path.at(-1));
  const parents = path.slice(0, -1);
  const isText = value !== undefined && value !== null;
  const text = isText
    ? stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim()
    : "…";
  const short = text.length > 100 ? "…" : text;
  if (from === null)
    return `write ${path.join(".")}=${/[\s&|;<>(){}[\]*?$"']/.test(short) ? `'${short}'` : short}`;
  const line = `write ${key}: ${short}`;
  if (parents.join(".") === from.slice(0, -1).join(".")) return line;
  return parents.length === 0 ? `${line} at the top level` : `${line} under ${parents.join(".")}`;
}

function ofForeignKey(path: Path, value: unknown, foreign: ForeignKey): UnknownKey | undefined {
  const key = String(path.at(-1));
  if ("none" in foreign) return { message: `unknown key ${key}; there is no such key here: ${foreign.none}` };
  const to = placeOf(foreign.here, path);
  const name = to.join(".");
  if (name === path.join(".")) return undefined;
  const node = schemaAt(to);
  const converted = foreign.as === undefined ? value : foreign.as(value);
  const fits = converted !== undefined && isScalarFor(node, converted);
  const note = foreign.note === undefined ? "" : ` (${foreign.note})`;
  const said = to.at(-1) === key ? belongs(key, [to]) : `unknown key ${key}; here it is ${name}`;
  if (fits) return { message: `${said}${note}`, instead: { path: to, value: converted } };
  const wanted = node === undefined || node.properties || node.items ? "" : `, ${expectation(node)}`;
  return { message: `${said}${wanted}${note}` };
}

/** Whether a value may be shown as what to write: a mapping, whose own keys may differ, may not. */
function isScalarFor(node: TSchema | undefined, value: unknown): boolean {
  if (node?.properties !== undefined) return false;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return false;
  const isList = node?.type === "array";
  return isList === Array.isArray(value);
}

function atWrongLevel(path: Path, value: unknown, places: readonly (readonly string[])[]): UnknownKey {
  const key = String(path.at(-1));
  const depth = Math.min(...places.map((place) => place.length));
  const nearby = places.filter((place) => place.length === depth).slice(0, 3);
  const [only] = nearby;
  const message = belongs(key, nearby);
  if (nearby.length > 1 || only!.some((step) => step.endsWith("[]"))) return { message };
  return { message, instead: { path: only!, value } };
}

function belongs(key: string, places: readonly Path[]): string {
  const words = places.map((place) => {
    const parent = place.slice(0, -1).join(".");
    if (parent === "") return "at the top level";
    return parent.endsWith("[]") ? `in an entry of ${parent.slice(0, -2)}` : `in ${parent}`;
  });
  return `${key} belongs ${words.join(" or ")}`;
}

const isInDataset = (path: Path) => path[0] === "data" && path[1] === "datasets" && path.length > 3;

/** Where a table's path is in this recipe: that of a dataset's key begins at the dataset. */
function placeOf(here: string, path: Path): Path {
  const steps = here.split(".");
  const isRoot = Object.hasOwn(recipeSchema.properties as object, steps[0]!);
  if (!isInDataset(path)) return steps;
  // `name` and the like are at both levels; in a dataset the dataset's own is meant.
  const isOwn = steps.length === 1 || !isRoot;
  return isOwn ? [...path.slice(0, 3), ...steps] : steps;
}

/** The path that a key with dots in it was meant for; undefined where there is none. */
function nestedPath(key: string, path: Path): Path | undefined {
  if (!key.includes(".")) return undefined;
  const steps = key.split(".");
  const full = [...path.slice(0, -1), ...steps];
  return [full, steps].find((way) => schemaAt(way) !== undefined);
}

function schemaAt(path: Path): TSchema | undefined {
  let node: TSchema | undefined = recipeSchema;
  for (const step of path) {
    const properties = (node?.properties ?? {}) as Record<string, TSchema>;
    node = typeof step === "number" ? (node?.items as TSchema) : properties[step];
  }
  return node;
}

/** Every key of a schema with the keys above it; list entries are written `[]`. */
function keysOf(schema: TSchema): string[][] {
  return Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, property]) => {
    const below = keysOf(property).map((rest) => [key, ...rest]);
    const items = property.items as TSchema | undefined;
    const inItems = items ? keysOf(items).map((rest) => [`${key}[]`, ...rest]) : [];
    return [[key], ...below, ...inItems];
  });
}
