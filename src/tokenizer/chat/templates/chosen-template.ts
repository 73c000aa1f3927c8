import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CheckpointError } from "../../../errors.ts";
import type { BuiltInTemplate } from "./built-in.ts";
import { chatTemplateCatalog } from "./index.ts";

/** The built-in template of that name; undefined for a path. */
export function builtInTemplate(named: string): BuiltInTemplate | undefined {
  return Object.hasOwn(chatTemplateCatalog, named)
    ? chatTemplateCatalog[named as keyof typeof chatTemplateCatalog]
    : undefined;
}

/**
 * The source of what `model.chat_template` names: a built-in template, or a file. Throws CheckpointError
 * where there is neither.
 */
export async function readChosenTemplate(named: string): Promise<string> {
  const builtIn = builtInTemplate(named);
  if (builtIn) return builtIn.source;
  return readFile(resolve(named), "utf8").catch((cause: NodeJS.ErrnoException) => {
    const names = Object.keys(chatTemplateCatalog).join(", ");
    const got =
      cause.code === "ENOENT" ? "nothing" : cause.code === "EISDIR" ? "a folder" : (cause.code ?? "");
    throw new CheckpointError(`expected ${names} or a template's file, got ${got} at ${named}`, { cause });
  });
}
