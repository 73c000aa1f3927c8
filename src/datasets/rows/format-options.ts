import type { DatasetSpec } from "../../contracts/recipe.ts";
import { fillOptions } from "../../options.ts";
import type { DocumentFormat, RowFormat } from "./format.ts";
import { type FormatName, formatCatalog } from "./formats/index.ts";

/** `options` of a format, every default filled in; what is wrong is added to `problems`. */
export function formatOptions(
  name: FormatName | "fields",
  given: DatasetSpec["options"],
  where: string,
  problems: string[],
): Record<string, unknown> {
  const format: RowFormat | DocumentFormat | null = name === "fields" ? null : formatCatalog[name];
  const schemas = (format?.kind === "documents" && format.options) || {};
  return fillOptions(schemas, given, `${where}.options`, problems);
}
