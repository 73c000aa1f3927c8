import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ZebraError } from "./errors.ts";

let found: string | undefined;

/**
 * The folder of this package (which holds `schema/`, `data/`, `checkpoints/`), whether this file runs from
 * `src/` or, compiled, from `dist/src/`. Throws E_PACKAGE when the files were moved out of the package.
 */
export function packageRoot(): string {
  found ??= search(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** Path of a file that ships with the package. */
export function packagePath(...parts: string[]): string {
  return join(packageRoot(), ...parts);
}

/** What a recipe or a command may name and the package brings along. */
export type Shipped = "recipe" | "checkpoint";

/** The names of what ships: `quickstart`, `zebra-nano-lcat`. */
export function shippedNames(kind: Shipped): string[] {
  if (kind === "recipe") {
    const files = readdirSync(packagePath("recipes")).filter((file) => file.endsWith(".yaml"));
    return files.map((file) => basename(file, ".yaml")).sort();
  }
  const folders = readdirSync(packagePath("checkpoints"));
  return folders.filter((name) => existsSync(packagePath("checkpoints", name, "config.json"))).sort();
}

/**
 * Path of what ships under a name, or under a path as it is in the package (`checkpoints/zebra-nano-lcat`,
 * `recipes/zebra-nano.config.json`); undefined for what does not. It is relative to the working folder where
 * it is below that, so that a recipe which is written down with it still works elsewhere.
 */
export function shippedPath(kind: Shipped, given: string): string | undefined {
  const name = posix.normalize(given.split(sep).join("/")).replace(/\/$/, "");
  const isPath = /^(recipes|checkpoints)\/[^/.][^/]*$/.test(name);
  const isName = shippedNames(kind).includes(kind === "recipe" ? name.replace(/\.yaml$/, "") : name);
  if (!isPath && !isName) return undefined;
  const folder = kind === "recipe" ? "recipes" : "checkpoints";
  const file = kind === "recipe" && isName && !name.endsWith(".yaml") ? `${name}.yaml` : name;
  const path = isPath ? packagePath(name) : packagePath(folder, file);
  if (!existsSync(path)) return undefined;
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/**
 * A path of a checkpoint or of a part of one, or that of what ships under this name where nothing is here.
 * `note` is told where something here stands before a checkpoint that ships.
 */
export function shippedOrLocal(given: string, note: (message: string) => void = () => {}): string {
  const shipped = shippedPath("checkpoint", given);
  if (shipped === undefined) return given;
  if (!existsSync(given)) return shipped;
  if (!/[\\/]/.test(given))
    note(`${given} is what is here, not the checkpoint of that name that ships with zebratune (${shipped})`);
  return given;
}

function search(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
      if (name === "zebratune") return folder;
    }
    if (folder === dirname(folder)) {
      throw new ZebraError(
        "E_PACKAGE",
        `${start}: expected to be inside the zebratune package, got no package.json of that name above ` +
          "it. Install the package again.",
      );
    }
  }
}
