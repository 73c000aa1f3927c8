import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
