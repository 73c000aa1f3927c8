import { expect, it } from "vitest";
import { defaultScoring } from "../../../src/eval/own/default-metrics.ts";

const long =
  "The committee asked the office to report on the state of the grain stores before winter begins.";

it("is chosen by what most of the right answers look like", () => {
  expect(defaultScoring([["7 sacks"], ["the barn"], [long]])).toMatchObject({
    metrics: ["f1", "exact_match"],
    maxNewTokens: 32,
  });
  expect(defaultScoring([["7 sacks"], [long], [long]])).toMatchObject({
    metrics: ["rougeL", "rouge1"],
    maxNewTokens: 256,
  });
  // The shortest of the accepted answers is enough.
  expect(defaultScoring([[long, "yes"]]).metrics[0]).toBe("f1");
  const greek = long.replace(/[a-z]/gi, "λ");
  expect(defaultScoring([[greek], [greek]]).metrics).toEqual(["f1"]);
});
