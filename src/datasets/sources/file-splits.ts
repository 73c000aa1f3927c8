import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Split } from "../../contracts/example.ts";
import type { LocalFile } from "../files/local-files.ts";
import { configsOf, folderOf, frontMatterOf, patternsBySplit } from "../hub/card.ts";
import { globToRegExp } from "../hub/glob.ts";
import { splitIn, splitOfWord } from "../hub/split-names.ts";

/** A split whose rows are never trained on. */
export type HeldSplit = Exclude<Split, "train">;

/** By a file's name: the held-out split that all its rows go to. Other files are split by document. */
export type FileSplits = ReadonlyMap<string, HeldSplit>;

/** Local files and what is known of them besides. */
export interface SplitInputs {
  /** The file or folder that the recipe names. */
  path: string;
  files: readonly LocalFile[];
  /** What the recipe says of all files: it goes before their names. */
  given?: Split;
  /** Texts, one a file, and not rows. */
  areDocuments: boolean;
}

/**
 * Which files are held out, by the first of these that says it: the recipe; the card of a dataset's
 * repository (README.md) of which this is a clone; the files' names, by the rules of the Hub, with that of
 * the folder where it is a split's own (`data/test`). Names of texts count only where one of them says train:
 * a chapter may be called testing.md.
 */
export async function fileSplits({ path, files, given, areDocuments }: SplitInputs): Promise<FileSplits> {
  if (given !== undefined) return heldOnly(files.map(({ name }) => [name, given]));
  const names = files.map(({ name }) => name);
  const byCard = await cardSplits(path, names);
  const whole = splitOfWord(basename(path));
  const said = names.map((name): [string, Split | null] => [
    name,
    byCard.get(name) ?? splitIn(name) ?? whole,
  ]);
  if (areDocuments && byCard.size === 0 && !said.some(([, split]) => split === "train")) return new Map();
  return heldOnly(said);
}

function heldOnly(said: readonly (readonly [string, Split | null])[]): FileSplits {
  return new Map(
    said.filter((entry): entry is [string, HeldSplit] => entry[1] === "test" || entry[1] === "validation"),
  );
}

/** The splits that the card's configurations give the files; a file of several splits is held out. */
async function cardSplits(path: string, names: readonly string[]): Promise<Map<string, Split>> {
  const said = new Map<string, Split>();
  for (const config of configsOf(await cardOf(path))) {
    const folder = folderOf(config);
    for (const [split, patterns] of patternsBySplit(config.data_files) ?? []) {
      // A split may have any name (train_sft, test_mismatched); where it has no known word, the file's may.
      const known = splitIn(split);
      if (known === null) continue;
      const expressions = patterns.map((pattern) =>
        globToRegExp(folder === "" ? pattern : `${folder}/${pattern.replace(/^\.?\//, "")}`),
      );
      for (const name of names) {
        if (!expressions.some((expression) => expression.test(name))) continue;
        if (known !== "train" || !said.has(name)) said.set(name, known);
      }
    }
  }
  return said;
}

/** The front matter of a folder's README.md; undefined where there is none that can be read. */
async function cardOf(path: string): Promise<unknown> {
  try {
    return frontMatterOf(await readFile(join(path, "README.md"), "utf8"));
  } catch {
    // Not a folder, no such file, or not YAML: many a README is just a text.
    return undefined;
  }
}
