import { expect, test } from "vitest";
import { createSplitWatch } from "../../../../src/datasets/stage/splits/split-watch.ts";

function watched(documents: readonly string[]): string[] {
  const watch = createSplitWatch();
  for (const [i, document] of documents.entries()) {
    const source = { dataset: "d", revision: "1", license: "MIT", row: i, document };
    watch.add({ id: `d/${i}`, split: "train", source }, "train");
  }
  return watch.warnings("d");
}

test("a document of a large share is found among many others, and one of a small share is not told", () => {
  const others = Array.from({ length: 60 }, (_, i) => `sha256:${i}`);
  const mixed = others.flatMap((other) => [other, "sha256:large"]);
  expect(watched(mixed)).toEqual([expect.stringMatching(/^d: at least \d+ of 120 examples .*first: d\/1\)/)]);
  expect(watched([...others, "sha256:0"])).toEqual([]);
  // A name is what the user says.
  expect(watched(Array.from({ length: 60 }, () => "report"))).toEqual([]);
});
