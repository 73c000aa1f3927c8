import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { ConfigError } from "../errors.ts";
import { shippedNames, shippedPath } from "../package-root.ts";
import { nearest } from "./nearest.ts";

/** Keys and list indexes from the root of a recipe to a value. */
export type Path = readonly (string | number)[];

/** A YAML file that was read, and where each of its values stands. */
export interface RecipeSource {
  /** As the user wrote it. */
  file: string;
  value: unknown;
  /** 1-based line of the value at `path`, or of its nearest parent in the file; 0: there are no lines. */
  lineOf(path: Path): number;
}

/** A recipe is written by hand; anything larger is another file given by mistake. */
const maxSizeBytes = 1 << 20;

/**
 * Reads a YAML recipe: a file, or else the recipe of that name that ships. `note` is told where a file stands
 * before such a recipe. Throws ConfigError when there is neither or it is not YAML (every syntax error, with
 * lines).
 */
export async function readRecipeSource(
  given: string,
  note: (message: string) => void = () => {},
): Promise<RecipeSource> {
  const shipped = shippedPath("recipe", given);
  const isFile = await stat(given).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile && shipped !== undefined && shippedNames("recipe").includes(given))
    note(
      `${given}: this is the file here, not the recipe of that name that ships with zebratune (${shipped})`,
    );
  const file = isFile ? given : (shipped ?? given);
  return parseRecipeSource(file, await readText(file));
}

/** Parses the text of a recipe; `file` is used in messages only. */
export function parseRecipeSource(file: string, text: string): RecipeSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    throw new ConfigError(
      file,
      syntax.map((e) => `${file}:${lines.linePos(e.pos[0]).line}: expected YAML, got: ${e.message}`),
    );
  }
  return { file, value: document.toJS() as unknown, lineOf: (path) => lineOf(document, lines, path) };
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      const start = startOf(node);
      if (start === undefined) break;
      offset = start;
    } else break;
  }
  return lines.linePos(offset).line;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > maxSizeBytes) {
      throw new ConfigError(file, [
        `expected a YAML recipe of at most ${maxSizeBytes} bytes, got ${size} bytes`,
      ]);
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const got =
      code === "ENOENT"
        ? "no such file"
        : code === "EISDIR"
          ? "a folder"
          : `a file that cannot be read (${code})`;
    const names = shippedNames("recipe");
    const near = existsSync(`${file}.yaml`) ? `${file}.yaml` : nearest(basename(file, ".yaml"), names);
    throw new ConfigError(
      file,
      [`expected a YAML recipe, got ${got}${near === undefined ? "" : `; did you mean ${near}?`}`],
      `Recipes that ship with zebratune and run by name: ${names.join(", ")}. zebra init writes one for ` +
        "your own files.",
    );
  }
}
