import { axolotlDatasetKeys, axolotlDefaults, axolotlKeys } from "./axolotl.ts";
import type { ForeignKey, ForeignKeys } from "./foreign-key.ts";
import { llamaFactoryDatasetKeys, llamaFactoryDefaults, llamaFactoryKeys } from "./llama-factory.ts";
import { otherDatasetKeys, otherKeys } from "./other.ts";
import { torchtuneKeys } from "./torchtune.ts";
import { transformersDefaults, transformersKeys } from "./transformers.ts";
import { trlDefaults, trlKeys } from "./trl.ts";

/** A tool whose configs are known. */
export interface ForeignTool {
  title: string;
  /** Its keys besides those that all take. */
  own: ForeignKeys;
  keys: ForeignKeys;
  /** Keys of an entry of its datasets. */
  datasetKeys: ForeignKeys;
  /** What it does where its config says nothing and a recipe's default is another, by its keys. */
  defaults: Readonly<Record<string, unknown>>;
}

/** The tools, by the names that `zebra import-recipe --from` takes. One file each. */
export const foreignTools = {
  trl: {
    title: "TRL",
    own: trlKeys,
    keys: { ...transformersKeys, ...trlKeys },
    datasetKeys: {},
    defaults: { ...transformersDefaults, ...trlDefaults },
  },
  axolotl: {
    title: "Axolotl",
    own: axolotlKeys,
    keys: { ...transformersKeys, ...axolotlKeys },
    datasetKeys: axolotlDatasetKeys,
    defaults: axolotlDefaults,
  },
  "llama-factory": {
    title: "LLaMA-Factory",
    own: llamaFactoryKeys,
    keys: { ...transformersKeys, ...llamaFactoryKeys },
    datasetKeys: llamaFactoryDatasetKeys,
    defaults: { ...transformersDefaults, ...llamaFactoryDefaults },
  },
} as const satisfies Record<string, ForeignTool>;

export type ForeignToolName = keyof typeof foreignTools;

const everywhere: readonly ForeignKeys[] = [
  transformersKeys,
  trlKeys,
  axolotlKeys,
  llamaFactoryKeys,
  torchtuneKeys,
  otherKeys,
];
const inDatasets: readonly ForeignKeys[] = [axolotlDatasetKeys, llamaFactoryDatasetKeys, otherDatasetKeys];

/** What is known of a key of another tool, however its words are joined: `learning-rate`, `learningRate`. */
export function foreignKey(key: string, isInDataset: boolean): ForeignKey | undefined {
  const name = key
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  const tables = isInDataset ? [...inDatasets, ...everywhere] : everywhere;
  return tables.find((table) => Object.hasOwn(table, name))?.[name];
}

/** The tool whose config this is, by how many keys are its own alone; undefined where none is plain. */
export function toolOf(keys: readonly string[]): ForeignToolName | undefined {
  const counts = (Object.keys(foreignTools) as ForeignToolName[]).map((name) => {
    const others = Object.entries(foreignTools).filter(([other]) => other !== name);
    const isOwn = (key: string) =>
      Object.hasOwn(foreignTools[name].own, key) && !others.some(([, { keys }]) => Object.hasOwn(keys, key));
    return { name, count: keys.filter(isOwn).length };
  });
  counts.sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  // One or two such keys are a mistake in a recipe; `seed` and `output_dir` are keys of its own.
  const isForeign = (key: string) => {
    const found = foreignKey(key, false);
    return found !== undefined && !("here" in found && found.here === key);
  };
  if (keys.filter(isForeign).length < 3) return undefined;
  // What a config for TRL has beside transformers' keys may be in others' too.
  return first!.count > second!.count ? first!.name : "trl";
}
