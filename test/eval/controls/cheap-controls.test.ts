import { describe, expect, it } from "vitest";
import { type Item, rising, scoresIn } from "../../../src/eval/benchmark.ts";
import { cheapControls } from "../../../src/eval/controls/cheap-controls.ts";
import type { SampleLine } from "../../../src/eval/results/samples.ts";
import { answer, common, prompted } from "../items.ts";

const asking = { defaultLimit: 1, headline: { metric: "m", name: "m" }, metrics: rising("m") };

function line(id: string, prediction: string, score: number): SampleLine {
  return { ...answer, id, shortened: false, inputHash: "h", prediction, scores: scoresIn([], { m: score }) };
}

/** A question with right answers; an answer's score is 1 where it is one of them. */
function written(id: string, answers: string[]): Item {
  return {
    ...prompted(id, Int32Array.of(1)),
    gold: { answers },
    judge: async (prediction: string) => ({
      ...answer,
      scores: scoresIn([], { m: answers.includes(prediction) ? 1 : 0 }),
    }),
  } as Item;
}

describe("controls that ask no model", () => {
  it("majority: the commonest right answer, judged as an answer is", async () => {
    const items = [["yes"], ["no"], ["yes", "yes", "sure"], ["no", "sure"], ["yes"]].map((all, i) =>
      written(`${i}`, all),
    );
    const lines = [1, 1, 0, 1, 0].map((score, i) => line(`${i}`, "p", score));
    const [majority, ...others] = await cheapControls(items, lines, asking);
    expect(others).toEqual([]);
    expect(majority).toMatchObject({
      ...{ control: "majority", answer: "yes", count: 3, n: 5 },
      ...{ score: 0.6, value: 0.6, difference: 0 },
    });
  });

  it("of choices: the commonest place, and scores by place", async () => {
    const choices = ["A", "B", "C"];
    const rights = [0, 1, 1, 2, 1, 0];
    const items = rights.map(
      (right, i): Item => ({ ...common, id: `${i}`, gold: { choices, right }, ask: async () => answer }),
    );
    // Always the first one, but once the second; the last one failed.
    const lines = rights.map((right, i): SampleLine => {
      if (i === 5) return { id: "5", shortened: false, inputHash: "h", error: "broken" };
      const chosen = i === 2 ? 1 : 0;
      return line(`${i}`, choices[chosen]!, chosen === right ? 1 : 0);
    });
    const [majority, position] = await cheapControls(items, lines, asking);
    expect(majority).toMatchObject({ answer: "choice 2", count: 3, n: 5, score: 0.4, value: 0.6 });
    expect(position).toEqual({
      control: "position",
      positions: [
        { position: 1, n: 1, right: 1, chosen: 4 },
        { position: 2, n: 3, right: 1, chosen: 1 },
        { position: 3, n: 1, right: 0, chosen: 0 },
      ],
    });
  });

  it("there are none where right answers are not known", async () => {
    expect(
      await cheapControls([{ ...common, id: "1", ask: async () => answer }], [line("1", "", 1)], asking),
    ).toEqual([]);
  });
});
