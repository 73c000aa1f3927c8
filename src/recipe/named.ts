import { suggestion } from "./nearest.ts";
import { checkOptions, type OptionsSchema } from "./options.ts";
import type { Path } from "./source.ts";
import type { Problem } from "./validate.ts";

/**
 * An entry of a catalog that a recipe names, with the options that it sets, and where both are in the recipe.
 */
export interface NamedPart {
  /** What it is, for messages: "filter", "builder" … */
  what: string;
  name: string;
  options: Readonly<Record<string, unknown>> | undefined;
  at: { name: Path; options: Path };
}

/** The entries of a catalog by name, each with the options that it takes. */
export type KnownOptions = Readonly<Record<string, OptionsSchema>>;

/** What is wrong with the name or the options of an entry. */
export function namedProblems({ what, name, options, at }: NamedPart, known: KnownOptions): Problem[] {
  if (!Object.hasOwn(known, name)) {
    const message = `unknown ${what} ${name}; ${suggestion(name, Object.keys(known))}`;
    return [{ path: at.name, message }];
  }
  const checked = checkOptions(known[name]!, options);
  if ("options" in checked) return [];
  return checked.wrong.map(({ path, message }) => ({ path: [...at.options, ...path], message }));
}

/** The options of each entry of a catalog. */
export function knownOptions(catalog: Readonly<Record<string, { options: OptionsSchema }>>): KnownOptions {
  return Object.fromEntries(Object.entries(catalog).map(([name, { options }]) => [name, options]));
}

/** A name and options that are written as `{ name, options }` at a path. */
export function namedAt(
  what: string,
  { name, options }: { name: string; options?: Readonly<Record<string, unknown>> },
  path: Path,
): NamedPart {
  return { what, name, options, at: { name: [...path, "name"], options: [...path, "options"] } };
}
