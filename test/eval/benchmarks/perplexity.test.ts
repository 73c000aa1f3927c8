import { expect, it } from "vitest";
import { bucketScores } from "../../../src/eval/benchmarks/perplexity.ts";

it("a target's bucket is how many tokens stand before it", () => {
  // nll[t] is of the target after t + 1 tokens.
  const nll = Float32Array.from({ length: 1100 }, (_, t) => (t + 1 < 512 ? 1 : t + 1 < 1024 ? 2 : 3));
  expect(bucketScores(nll).map(({ slice, sum, weight }) => [slice, sum, weight])).toEqual([
    ["", 511 + 2 * 512 + 3 * 77, 1100],
    ["0–512", 511, 511],
    ["512–1k", 2 * 512, 512],
    ["1k–2k", 3 * 77, 77],
  ]);
});
