import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../../errors.ts";

/** LongBench v1's own prompts and lengths of answers, by the names of its datasets. */
export interface LongbenchConfig {
  prompts: ReadonlyMap<string, string>;
  maxNewTokens: ReadonlyMap<string, number>;
}

const checkout =
  "Its prompts do not ship with this package: git clone https://github.com/THUDM/LongBench, and give that " +
  "folder as config";

/**
 * Reads `dataset2prompt.json` and `dataset2maxlen.json` as they are, from the folder that has them or from a
 * checkout of LongBench. Throws ConfigError that says what to give.
 */
export async function readLongbenchConfig(
  folder: string | undefined,
  where: string,
): Promise<LongbenchConfig> {
  const names = ["dataset2prompt.json", "dataset2maxlen.json"];
  const [prompts, lengths] = await readFirst(folder, ["", "config", "LongBench/config"], names, where);
  const isText = (value: unknown): value is string => typeof value === "string";
  const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
  return {
    prompts: mapOf(prompts!, isText, "a text for each dataset", where),
    maxNewTokens: mapOf(lengths!, isCount, "a whole number from 1 for each dataset", where),
  };
}

/** LongBench v2's templates by the names of their files. */
export async function readV2Templates<Name extends string>(
  folder: string | undefined,
  names: readonly Name[],
  where: string,
): Promise<Record<Name, string>> {
  const files = names.map((name) => `${name}.txt`);
  const found = await readFirst(folder, ["prompts", "", "../prompts"], files, where);
  return Object.fromEntries(names.map((name, i) => [name, found[i]!.text])) as Record<Name, string>;
}

interface ReadFile {
  path: string;
  text: string;
}

/** The files from the first of some folders inside `folder` that has them all. */
async function readFirst(
  folder: string | undefined,
  inside: readonly string[],
  names: readonly string[],
  where: string,
): Promise<ReadFile[]> {
  const wanted = `expected a folder with ${names.join(" and ")}`;
  if (folder === undefined) throw new ConfigError(where, [`${wanted}, got none`], checkout);
  for (const place of inside) {
    const files = names.map(async (name) => {
      const path = join(folder, place, name);
      return { path, text: await readFile(path, "utf8") };
    });
    try {
      return await Promise.all(files);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    }
  }
  throw new ConfigError(where, [`${wanted}, got ${folder}, which has not both`], checkout);
}

function mapOf<T>(
  { path, text }: ReadFile,
  is: (value: unknown) => value is T,
  wanted: string,
  where: string,
): ReadonlyMap<string, T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(where, [`${path}: expected JSON, got ${String(error)}`]);
  }
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isMap ? Object.entries(value as object) : [];
  const wrong = entries.find(([, one]) => !is(one));
  if (!isMap || wrong)
    throw new ConfigError(where, [
      `${path}: expected ${wanted}, got ${JSON.stringify(wrong ? { [wrong[0]]: wrong[1] } : value).slice(0, 80)}`,
    ]);
  return new Map(entries as [string, T][]);
}
