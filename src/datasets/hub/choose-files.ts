import { DataError } from "../../errors.ts";
import { suggestion } from "../../recipe/nearest.ts";
import { isAboutData } from "../files/about-data.ts";
import { endingOf } from "../files/byte-stream.ts";
import { rowEndings } from "../files/read-rows.ts";
import { type CardConfig, configsOf, folderOf, patternsBySplit } from "./card.ts";
import { globToRegExp } from "./glob.ts";
import { splitIn } from "./split-names.ts";

/** What a recipe says about the files it wants. */
export interface FileChoice {
  config?: string;
  split?: string;
  data_files?: string | string[];
}

/**
 * The files with the wanted rows, in order of name. Chosen by the first of these that applies: `data_files`;
 * the card's configuration and split; the split in the files' names, as `datasets` reads them; where no name
 * says a split, all files of the most common kind, which are then train. Throws a DataError that names what
 * there is.
 */
export function chooseFiles(
  where: string,
  names: readonly string[],
  card: unknown,
  choice: FileChoice,
): string[] {
  const sorted = [...names].sort();
  if (choice.data_files !== undefined) {
    const patterns = [choice.data_files].flat();
    return need(where, "data_files", patterns, matching(sorted, patterns), sorted);
  }
  const split = choice.split ?? "train";
  const configs = configsOf(card);
  if (configs.length === 0) {
    const inConfig =
      choice.config === undefined
        ? sorted
        : sorted.filter((name) => name.split("/").includes(choice.config!));
    if (choice.config !== undefined && inConfig.length === 0)
      throw noConfig(where, choice.config, foldersOf(sorted));
    return byName(where, inConfig, split);
  }
  const config = pickConfig(where, configs, choice.config);
  const inside = folderOf(config);
  const under = inside ? sorted.filter((name) => name.startsWith(`${inside}/`)) : sorted;
  const splits = patternsBySplit(config.data_files);
  if (splits === null) return byName(where, under, split);
  const patterns = splits.get(split);
  if (patterns === undefined) {
    const known = [...splits.keys()];
    throw new DataError(
      `${where}: expected a split that the card has, got ${split}; ${suggestion(split, known)}`,
    );
  }
  const rooted = inside ? patterns.map((pattern) => `${inside}/${pattern}`) : patterns;
  return need(where, `split ${split}`, rooted, matching(sorted, rooted), sorted);
}

function pickConfig(where: string, configs: readonly CardConfig[], wanted: string | undefined): CardConfig {
  const names = configs.map((config) => config.config_name);
  if (wanted !== undefined) {
    const found = configs.find((config) => config.config_name === wanted);
    if (!found) throw noConfig(where, wanted, names);
    return found;
  }
  const [only, second] = configs;
  const usual = configs.find((config) => config.default) ?? configs.find((c) => c.config_name === "default");
  if (usual) return usual;
  if (only === undefined || second !== undefined)
    throw new DataError(`${where}: expected config, one of ${names.join(", ")}, got none`);
  return only;
}

function noConfig(where: string, wanted: string, names: readonly string[]): DataError {
  return new DataError(
    `${where}: expected a config that there is, got ${wanted}; ${suggestion(wanted, names)}`,
  );
}

function foldersOf(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => name.split("/").slice(0, -1)))];
}

function matching(names: readonly string[], patterns: readonly string[]): string[] {
  const expressions = patterns.map(globToRegExp);
  return names.filter((name) => expressions.some((expression) => expression.test(name)));
}

function byName(where: string, names: readonly string[], split: string): string[] {
  const data = names.filter((name) => rowEndings.includes(endingOf(name)) && !isAboutData(name));
  const said = new Map(data.map((name) => [name, splitIn(name)]));
  const wanted = [...said.values()].every((found) => found === null)
    ? data.filter(() => split === "train")
    : data.filter((name) => said.get(name) === split);
  if (wanted.length === 0) {
    const known = [...new Set([...said.values()].map((found) => found ?? "train"))];
    const got = data.length === 0 ? `none among ${listed(names)}` : `splits ${known.join(", ")}`;
    throw new DataError(
      `${where}: expected files of the split ${split} (${rowEndings.join(", ")}), got ${got}. Name ` +
        "them with data_files; datasets made by a script have Parquet files at revision " +
        "refs/convert/parquet.",
    );
  }
  const counts = new Map<string, number>();
  for (const name of wanted) counts.set(endingOf(name), (counts.get(endingOf(name)) ?? 0) + 1);
  const [kind] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  return wanted.filter((name) => endingOf(name) === kind);
}

function need(
  where: string,
  what: string,
  patterns: readonly string[],
  found: string[],
  names: readonly string[],
): string[] {
  if (found.length > 0) return found;
  throw new DataError(
    `${where}: expected files for ${what} (${patterns.join(", ")}), got none among ${listed(names)}`,
  );
}

function listed(names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
  return `${names.slice(0, 8).join(", ") || "no files"}${more}`;
}
