import { expect, test } from "vitest";
import { chooseFiles, type FileChoice } from "../../../src/datasets/hub/choose-files.ts";
import { globToRegExp } from "../../../src/datasets/hub/glob.ts";

const names = [
  "README.md",
  "dataset_infos.json",
  "long/train-00000-of-00002.parquet",
  "long/train-00001-of-00002.parquet",
  "long/validation-00000-of-00001.parquet",
  "short/test.jsonl",
  "short/train.jsonl",
];
const configs = [
  {
    config_name: "long",
    data_files: [
      { split: "train", path: "long/train-*" },
      { split: "dev", path: ["long/val*"] },
    ],
  },
  { config_name: "short", data_dir: "short", default: true },
];

test.each<[unknown, FileChoice, string[]]>([
  [{ configs }, { config: "long" }, names.slice(2, 4)],
  [{ configs }, { config: "long", split: "dev" }, [names[4]!]],
  [{ configs }, {}, ["short/train.jsonl"]],
  [{ configs }, { split: "test" }, ["short/test.jsonl"]],
  [
    { configs: [{ config_name: "x", data_files: "short/*.jsonl" }] },
    {},
    ["short/test.jsonl", "short/train.jsonl"],
  ],
  // No card: by name, the commonest kind alone.
  [undefined, {}, names.slice(2, 4)],
  [undefined, { config: "short" }, ["short/train.jsonl"]],
  [undefined, { split: "validation" }, [names[4]!]],
  [undefined, { data_files: ["short/*", "long/v*"] }, [names[4]!, "short/test.jsonl", "short/train.jsonl"]],
])("card %j with %j", (card, choice, files) => {
  expect(chooseFiles("hub x/y", names, card, choice)).toEqual(files);
});

test("names that say no split are train; a folder named for a split counts", () => {
  expect(chooseFiles("x", ["b.json", "a.json"], {}, {})).toEqual(["a.json", "b.json"]);
  expect(chooseFiles("x", ["en/train/0000.parquet", "en/test/0000.parquet"], {}, {})).toEqual([
    "en/train/0000.parquet",
  ]);
});

test.each<[unknown, FileChoice, RegExp]>([
  [
    { configs: configs.slice(0, 1).concat({ config_name: "b" } as never) },
    {},
    /expected config, one of long, b, got none/,
  ],
  [{ configs }, { config: "shrt" }, /got shrt; did you mean short\?/],
  [undefined, { config: "lang" }, /got lang; did you mean long\?/],
  [undefined, { split: "dev" }, /split dev .*, got splits train, validation, test/],
  [
    { configs },
    { data_files: "none/*" },
    /expected files for data_files \(none\/\*\), got none among README\.md, .*/,
  ],
])("card %j with %j is an error", (card, choice, message) => {
  expect(() => chooseFiles("hub x/y", names, card, choice)).toThrow(message);
});

test("a dataset made by a script says where its Parquet files are", () => {
  expect(() => chooseFiles("x", ["README.md", "squad.py"], {}, {})).toThrow(
    /none among README\.md, squad\.py\. .*refs\/convert\/parquet/,
  );
});

test.each([
  ["data/*.parquet", "data/a.parquet", true],
  ["data/*.parquet", "data/b/a.parquet", false],
  ["**/*.parquet", "a.parquet", true],
  ["**/*.parquet", "x/y/a.parquet", true],
  ["data/**", "data/x/y", true],
  ["*.{json,csv}", "a.csv", true],
  ["*.{json,csv}", "a.tsv", false],
  ["a[0-2]?.json", "a1x.json", true],
  ["a[!0-2].json", "a1.json", false],
  ["a+(b).json", "a+(b).json", true],
  ["./a.json", "a.json", true],
])("glob %s on %s: %s", (glob, name, fits) => {
  expect(globToRegExp(glob).test(name)).toBe(fits);
});
