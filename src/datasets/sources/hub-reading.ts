import type { DatasetSpec } from "../../contracts/recipe.ts";
import type { HubDataset } from "../catalog/hub-entry.ts";
import { mappedRows } from "../rows/mapping/mapped-rows.ts";
import type { HubReading } from "./hub-source.ts";

/** How a recipe's `hub` dataset is read. Adds what is wrong to `problems`. */
export function specReading(
  spec: DatasetSpec & { hub: string },
  where: string,
  problems: string[],
): HubReading {
  const { name, hub, revision = "main", config, split, data_files, license, fields, format } = spec;
  if (format === "text" || format === "markdown")
    problems.push(`${where}.format: expected a format of rows beside hub, got ${format}`);
  const mapped = fields === undefined ? undefined : mappedRows(fields);
  return {
    name,
    repo: hub,
    revision,
    from: `hub:${hub}`,
    title: `${name}: ${hub} of the Hugging Face Hub`,
    description: "",
    task: spec.task ?? "other",
    ...(spec.join_consecutive === undefined ? {} : { joinConsecutive: spec.join_consecutive }),
    ...(config === undefined ? {} : { config }),
    ...(split === undefined ? {} : { split }),
    ...(data_files === undefined ? {} : { data_files }),
    ...(license === undefined ? {} : { license }),
    rows: mapped ?? (format === undefined ? {} : { format }),
  };
}

/** How a catalog entry of the Hub is read; the recipe may name another revision, split, task or licence. */
export function catalogReading(
  spec: DatasetSpec,
  entry: HubDataset,
  where: string,
  problems: string[],
): HubReading {
  const { config, data_files, rows } = entry;
  const split = spec.split ?? entry.split;
  if (spec.split !== undefined && data_files !== undefined) {
    problems.push(
      `${where}.split: expected no split beside ${entry.id}, whose entry names the files ` +
        `(${[data_files].flat().join(", ")}), got ${spec.split}. Use hub, data_files and fields ` +
        "instead.",
    );
  }
  for (const key of Object.keys(spec.options ?? {}))
    problems.push(`${where}.options.${key}: expected no options beside ${entry.id}, got ${key}`);
  return {
    name: spec.name,
    repo: entry.repo,
    revision: spec.revision ?? entry.revision,
    from: `catalog:${entry.id} (hub:${entry.repo})`,
    title: entry.title,
    description: `${entry.description}.`,
    license: spec.license ?? entry.license,
    task: spec.task ?? entry.task,
    ...(spec.join_consecutive === undefined ? {} : { joinConsecutive: spec.join_consecutive }),
    ...(config === undefined ? {} : { config }),
    ...(split === undefined ? {} : { split }),
    ...(data_files === undefined ? {} : { data_files }),
    rows: { convert: converterOf(rows) },
  };
}

/** The entry's function from a row to messages, made of its field mapping where it has no function. */
export function converterOf(
  rows: HubDataset["rows"],
): Extract<HubDataset["rows"], (...args: never) => unknown> {
  if (typeof rows === "function") return rows;
  const mapped = mappedRows(rows);
  return (row) => mapped.convert(row);
}
