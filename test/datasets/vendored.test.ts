import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { stateOfTheUnionText } from "../../src/datasets/catalog/entries/state-of-the-union-text.ts";
import { defaultSplit, splitOf } from "../../src/datasets/split.ts";
import { readVendored } from "../../src/datasets/vendored.ts";
import { packagePath } from "../../src/package-root.ts";

interface Source {
  file: string;
  rows: number;
  parquet_sha256: string;
}

const { sources } = JSON.parse(readFileSync(packagePath("data/PROVENANCE.json"), "utf8")) as {
  sources: Source[];
};

test.each(sources)(
  "$file is the file that its provenance describes",
  async ({ file, rows, parquet_sha256 }) => {
    expect(
      createHash("sha256")
        .update(readFileSync(packagePath(file)))
        .digest("hex"),
    ).toBe(parquet_sha256);
    let read = 0;
    for await (const _ of readVendored(file.slice("data/".length, -".parquet".length))) read++;
    expect(read).toBe(rows);
  },
);

test("the tokenizer was trained on the train documents only", async () => {
  const training = JSON.parse(
    readFileSync(packagePath("checkpoints/zebra-nano-tokenizer/TRAINING.json"), "utf8"),
  );
  expect(training.held_out).toEqual(defaultSplit);
  let [train, test] = [0, 0];
  for await (const { id } of stateOfTheUnionText.documents()) {
    const split = splitOf(id, defaultSplit);
    if (split === "train") train++;
    if (split === "test") test++;
  }
  expect(training.rates["state-of-the-union/train"].documents).toBe(train);
  expect(training.rates["state-of-the-union/test"].documents).toBe(test);
});
