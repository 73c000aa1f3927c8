import { expect, it } from "vitest";
import { helmetAnswer, helmetScores } from "../../../../src/harness/text-metrics/long-context/helmet.ts";
import official from "../../fixtures/scores.json" with { type: "json" };

it("scores answers as HELMET's calculate_metrics", () => {
  for (const { prediction, answers, scores } of official.helmet) {
    const close = Object.entries(scores).map(([name, score]) => [name, expect.closeTo(score, 12)]);
    expect(helmetScores(prediction, answers)).toEqual(Object.fromEntries(close));
  }
});

it("reads answers as HELMET's parse_output", () => {
  expect(official.outputs.map(([output]) => [output, helmetAnswer(output!)])).toEqual(official.outputs);
});
