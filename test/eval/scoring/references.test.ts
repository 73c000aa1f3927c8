import { describe, expect, it } from "vitest";
import { referencesOf, scoreAgainst } from "../../../src/eval/scoring/references.ts";

describe("references", () => {
  const messages = [
    { role: "user", content: "Which?" },
    { role: "assistant", content: "This one." },
  ] as const;

  it("are the listed answers, else the answer at the end", () => {
    expect(referencesOf({ meta: { answers: ["one", 2] }, messages: [...messages] })).toEqual(["one", "2"]);
    expect(referencesOf({ meta: { answers: [] }, messages: [...messages] })).toEqual(["This one."]);
    expect(referencesOf({ meta: {}, messages: [messages[0]] })).toEqual([]);
  });

  it("count by the best of them, metric by metric", () => {
    expect(scoreAgainst(["two", "one two three"], "two", ["exact_match", "f1"])).toEqual({
      exact_match: 1,
      f1: 1,
    });
    expect(scoreAgainst(["x two", "one two three"], "two", ["exact_match", "f1"])).toEqual({
      exact_match: 0,
      f1: expect.closeTo(2 / 3, 12),
    });
    expect(scoreAgainst([], "two", ["f1"])).toEqual({ f1: 0 });
  });

  it("count by their mean where a metric asks for all of them", () => {
    const metrics = ["string_match_all", "string_match_part"] as const;
    const scores = { string_match_all: 0.5, string_match_part: 1 };
    expect(scoreAgainst(["7", "12"], "It is 12.", metrics)).toEqual(scores);
    expect(scoreAgainst([], "It is 12.", metrics)).toEqual({ string_match_all: 0, string_match_part: 0 });
  });
});
