import { expect, it } from "vitest";
import { batchOf } from "../../../src/finetune/batch.ts";
import {
  addBySource,
  datasetOf,
  lossBySource,
  type SourceSums,
} from "../../../src/finetune/metrics/loss-by-source.ts";

it("an example's dataset is the first part of its id", () => {
  expect(datasetOf("moby-dick/chapter/7")).toBe("moby-dick");
  expect(datasetOf("alone")).toBe("alone");
});

it("each token's loss goes to the dataset of its segment, across packs", () => {
  const pack = (lengths: number[], labels: number[], sources: string[]) =>
    batchOf({
      input_ids: Int32Array.from(labels, () => 1),
      labels: Int32Array.from(labels),
      position_ids: new Int32Array(labels.length),
      seq_lengths: Int32Array.from(lengths),
      loss_weights: new Float32Array(labels.length).fill(3),
      sources,
    });
  const sums: SourceSums = new Map();
  // A first token has no token before it in its segment, so nothing predicts it.
  addBySource(sums, pack([3, 2, 2], [1, 1, 1, -100, 1, 1, -100], ["b/1", "a/1", "c/1"]), [1, 2, 6]);
  addBySource(sums, pack([2], [-100, 1], ["b/2"]), [6]);
  expect(lossBySource(sums)).toEqual({
    a: { lossNatsPerToken: 6, supervisedTokens: 1 },
    b: { lossNatsPerToken: 3, supervisedTokens: 3 },
  });
  expect(Object.keys(lossBySource(sums))).toEqual(["a", "b"]);
});
