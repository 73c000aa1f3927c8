import { statSync } from "node:fs";
import type { Example } from "../../contracts/example.ts";
import type { BenchmarkSpec, DatasetSpec } from "../../contracts/recipe.ts";
import { localSource } from "../../datasets/sources/local-source.ts";
import type { DataSource } from "../../datasets/sources/source.ts";
import { createJudge } from "../../datasets/stage/judge-item.ts";
import { DataError } from "../../errors.ts";
import { questionOf } from "../asking/prompt.ts";
import { referencesOf } from "../scoring/references.ts";

/** A test set that was read. */
export interface OwnRows {
  /** In the order of the files. Those without a right answer are left out. */
  examples: Example[];
  rows: number;
  /** Rows that give no question with a right answer, by reason. */
  unusable: Record<string, number>;
  /** The first of them, for messages. */
  first: string | undefined;
  /** Checksum of the files. */
  revision: string;
}

/**
 * Reads a test set of one's own as the data stage reads a dataset. Throws DataError for a path that cannot be
 * read, and where no file is of the split that is asked for.
 */
export async function readOwn(
  spec: BenchmarkSpec & { path: string },
  where: string,
  warn: (message: string) => void,
): Promise<OwnRows> {
  const { name, path, format, fields, options } = spec;
  const dataset: DatasetSpec & { path: string } = {
    name,
    path,
    ...(format && { format }),
    ...(fields && { fields }),
    ...(options && { options: options as NonNullable<DatasetSpec["options"]> }),
  };
  const source = await localSource(dataset, where, warn, { isTestSet: true });
  const isAsked = chooseFiles(spec, source, where);
  const judge = createJudge({
    spec: dataset,
    source,
    splitFor: () => "test",
    curate: (example) => ({ example }),
  });
  const examples: Example[] = [];
  const unusable: Record<string, number> = {};
  let rows = 0;
  let first: string | undefined;
  for await (const item of source.items(() => {})) {
    if (!isAsked(item.place.file)) continue;
    rows++;
    const outcome = judge(item);
    const reason = "dropped" in outcome ? outcome.dropped.reason : lackOf(outcome.example);
    if (reason === undefined && "example" in outcome) examples.push(outcome.example);
    else {
      unusable[reason!] = (unusable[reason!] ?? 0) + 1;
      first ??= `${outcome.id}: ${"dropped" in outcome ? outcome.dropped.detail : reason}`;
    }
  }
  return { examples, rows, unusable, first, revision: source.revision };
}

/** What an example lacks to be asked about. A document alone is one answer without a question. */
function lackOf(example: Example): string | undefined {
  if (referencesOf(example).length === 0) return "no right answer";
  return questionOf(example).some(({ role }) => role !== "system") ? undefined : "no question";
}

/**
 * Which files are asked about: one file as it is; of a folder those of the split that the recipe says, else
 * of test, and all where no name says a split.
 */
function chooseFiles(
  { path, split }: BenchmarkSpec & { path: string },
  { held = new Map() }: DataSource,
  where: string,
): (file: string) => boolean {
  const named = new Set(held.values());
  if (named.size === 0 || statSync(path).isFile()) return () => true;
  const wanted = split ?? "test";
  if (wanted === "train") return (file) => !held.has(file);
  if (named.has(wanted)) return (file) => held.get(file) === wanted;
  throw new DataError(
    `${where}: expected files of ${path} that are named as ${wanted} data, got only ` +
      `${[...named].join(" and ")} and others. Set split, or give the file itself as path`,
  );
}
