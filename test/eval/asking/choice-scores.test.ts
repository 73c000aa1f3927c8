import { expect, it } from "vitest";
import { choiceScores } from "../../../src/eval/asking/choice-scores.ts";
import official from "../fixtures/official.json" with { type: "json" };

for (const { choices, right, logLikelihoods, ...expected } of official.choices) {
  it(`choices ${choices.join(", ")}, right ${right}: the scores are lm-evaluation-harness's`, () => {
    expect(choiceScores(logLikelihoods, choices, right)).toEqual(expected);
  });
}
