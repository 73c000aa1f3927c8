import { resolve } from "node:path";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { entryOf } from "../../recipe/options.ts";
import { datasetCatalog } from "../catalog/entries/index.ts";
import type { HubDataset } from "../catalog/hub-entry.ts";
import type { DatasetEntry } from "../entry.ts";
import { type LocalFile, listFiles } from "../files/local-files.ts";
import { kindsOf } from "../rows/detect-format.ts";
import { formatCatalog } from "../rows/formats/index.ts";

/**
 * Whether a dataset is of plain documents, in which nobody asks and nobody answers: by its format, by the
 * endings of its files or as the catalog has it. No file is opened; of what cannot be told so, or is not
 * there, the answer is no.
 */
export async function isOfDocuments(spec: DatasetSpec): Promise<boolean> {
  const { build, fields, format, path, catalog } = spec;
  if (build !== undefined || fields !== undefined) return false;
  if (format !== undefined) return formatCatalog[format].kind === "documents";
  if (path !== undefined) {
    const files = await listFiles(resolve(path)).catch((): LocalFile[] => []);
    const [kind, second] = kindsOf(files).keys();
    return kind !== undefined && kind !== "rows" && second === undefined;
  }
  const entry = catalog && entryOf<DatasetEntry | HubDataset>(datasetCatalog, catalog);
  return Boolean(entry && "documentsAlone" in entry && entry.documentsAlone);
}
