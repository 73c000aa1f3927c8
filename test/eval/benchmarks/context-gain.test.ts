import { expect, it } from "vitest";
import { gainScores } from "../../../src/eval/benchmarks/context-gain.ts";

it("sums are those of the predicted tokens; the whole has the most context; the gain is first minus last", () => {
  expect(gainScores([256, 512, 1024], [300, 280, 250], 100)).toEqual([
    { slice: "", metric: "nats_per_token", sum: 250, weight: 100 },
    { slice: "", metric: "context_gain", sum: 50, weight: 100 },
    { slice: "256 tokens before", metric: "nats_per_token", sum: 300, weight: 100 },
    { slice: "512 tokens before", metric: "nats_per_token", sum: 280, weight: 100 },
    { slice: "1024 tokens before", metric: "nats_per_token", sum: 250, weight: 100 },
  ]);
});
