import { parse } from "yaml";

/**
 * One of `configs` in a dataset card's front matter
 * (https://huggingface.co/docs/hub/datasets-manual-configuration).
 */
export interface CardConfig {
  config_name: string;
  data_files?: unknown;
  data_dir?: string;
  default?: boolean;
}

/** The front matter of a card's text; undefined where there is none. Throws what the YAML parser throws. */
export function frontMatterOf(text: string): unknown {
  const front = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(\r?\n|$)/.exec(text.replace(/^\ufeff/, ""))?.[1];
  return front === undefined ? undefined : (parse(front) as unknown);
}

/** The card's configurations; none where it has none. */
export function configsOf(card: unknown): CardConfig[] {
  const { configs } = (card ?? {}) as { configs?: unknown };
  if (!Array.isArray(configs)) return [];
  return configs.filter(
    (config): config is CardConfig => typeof (config as CardConfig | null)?.config_name === "string",
  );
}

/**
 * The folder that a configuration's files are in, without slashes at its ends; "" for all of the repository.
 */
export function folderOf({ data_dir: folder = "" }: CardConfig): string {
  return folder.replace(/^\.?\/+|\/+$/g, "");
}

/** Patterns by split; globs without a split are train's. Null where the card names no files. */
export function patternsBySplit(files: unknown): Map<string, string[]> | null {
  const list = [files ?? []].flat() as unknown[];
  const splits = new Map<string, string[]>();
  for (const entry of list) {
    const { split, path } = (typeof entry === "string" ? { split: "train", path: entry } : entry) as {
      split?: unknown;
      path?: unknown;
    };
    const name = typeof split === "string" ? split : "train";
    const paths = [path].flat().filter((p): p is string => typeof p === "string");
    splits.set(name, [...(splits.get(name) ?? []), ...paths]);
  }
  return splits.size === 0 ? null : splits;
}
