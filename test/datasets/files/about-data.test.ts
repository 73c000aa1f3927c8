import { expect, test } from "vitest";
import { isAboutData } from "../../../src/datasets/files/about-data.ts";

test.each([
  ["README.md", true],
  ["data/dataset_infos.json", true],
  ["licence.txt", true],
  ["my-readme.md", false],
  ["readme.jsonl", false],
  ["train/state.json", true],
  ["train/states.json", false],
])("%s describes data: %s", (name, expected) => {
  expect(isAboutData(name)).toBe(expected);
});
