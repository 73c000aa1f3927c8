import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { readPackLengths } from "../../../src/mixing/packs/pack-lengths.ts";
import { writePacks } from "../../../src/mixing/packs/pack-store.ts";

let folder = "";
afterEach(() => rm(folder, { recursive: true }));

it("lengths of sequences by dataset and of every answer, two side by side in a pack apart", async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-lengths-"));
  expect(await readPackLengths(folder)).toBeUndefined();
  const labels = Int32Array.of(-100, 1, 2, -100, 3, 4, -100, 5);
  await writePacks(folder, [
    {
      input_ids: new Int32Array(8).fill(1),
      labels,
      position_ids: Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2),
      seq_lengths: Int32Array.of(5, 3),
      loss_weights: new Float32Array(8).fill(1),
      sources: ["notes/a/0", "addresses/b"],
    },
  ]);
  expect(await readPackLengths(folder)).toEqual({
    ...{ packs: 1, ofPacks: 1, answers: [2, 1, 1, 1] },
    sequences: new Map([
      ["notes", [5]],
      ["addresses", [3]],
    ]),
  });
});
