import { describe, expect, it } from "vitest";
import { rising } from "../../../src/eval/benchmark.ts";
import { comparePair } from "../../../src/eval/compare/compare-pair.ts";
import type { AskedBenchmark, AskedItem } from "../../../src/eval/compare/entry.ts";

const asking = { defaultLimit: 1, headline: { metric: "acc", name: "accuracy" }, metrics: rising("acc") };
const item = (content: string, acc: number, more: Partial<AskedItem> = {}): AskedItem => ({
  ...{ id: `id of ${content}`, content, ...more },
  scores: [{ slice: "", metric: "acc", sum: acc, weight: 1 }],
});
const benchmark = (...items: AskedItem[]): AskedBenchmark => ({ asking, items });
const named = (names: string, right: string) =>
  benchmark(...[...names].map((name) => item(name, right.includes(name) ? 1 : 0)));
const pair = (a: AskedBenchmark, b: AskedBenchmark, isShared = false) =>
  comparePair(a, b, asking, { isShared });

describe("two models on one benchmark", () => {
  it("are paired by what was asked, in whatever order", () => {
    const found = pair(named("abcdefgh", "ab"), named("hgfedcba", "abcdefg"));
    expect(found).toMatchObject({
      n: 8,
      unlike: 0,
      wins: 5,
      losses: 0,
      ties: 3,
      difference: { value: 0.625 },
    });
    expect(found.mcnemar_p).toBeCloseTo(0.0625, 12);
    // Five of five: the interval leaves out 0, and McNemar's exact test does not believe it.
    expect(found.difference!.low).toBeGreaterThan(0);
    expect(found.outcome).toBe("unclear");
  });

  it("are not compared on other questions; which are only in one is said", () => {
    const found = pair(named("abcd", "ab"), named("bcdxy", "b"));
    expect(found).toEqual({
      ...{ outcome: undefined, n: 3, unlike: 3 },
      only: [["id of a"], ["id of x", "id of y"]],
    });
    const shared = pair(named("abcd", "ab"), named("bcdxy", "bd"), true);
    expect(shared).toMatchObject({ n: 3, is_shared: true, outcome: "same", wins: 1, losses: 0 });
  });

  it("the same question with another right answer is another question", () => {
    const [a, b] = [named("ab", "a"), named("ab", "a")];
    const other = benchmark(b.items[0]!, { ...b.items[1]!, content: "b with another answer" });
    expect(pair(a, other)).toMatchObject({ outcome: undefined, n: 1, only: [["id of b"], ["id of b"]] });
  });

  it("a question that stands there twice is asked twice", () => {
    const twice = benchmark(item("a", 1), item("a", 0), item("b", 1));
    expect(pair(twice, benchmark(item("b", 0), item("a", 0), item("a", 1)))).toMatchObject({
      ...{ n: 3, unlike: 0, wins: 1, losses: 2 },
    });
    expect(pair(twice, benchmark(item("a", 1), item("b", 1)))).toMatchObject({
      n: 2,
      only: [["id of a"], []],
    });
  });

  it("other prompts for the same questions are said", () => {
    const [a, b] = ["0 shots", "5 shots"].map((prompt) =>
      benchmark(item("a", 1, { prompt }), item("b", 0, { prompt })),
    );
    expect(pair(a!, b!)).toMatchObject({ n: 2, other_prompts: 2 });
    expect(pair(a!, a!)).not.toHaveProperty("other_prompts");
  });

  it("questions on one document are not independent", () => {
    const about = (right: (i: number) => number) =>
      benchmark(...Array.from({ length: 24 }, (_, i) => item(`${i}`, right(i), { document: `${i % 6}` })));
    const found = pair(
      about(() => 0),
      about((i) => (i % 6 < 3 ? 1 : 0)),
    );
    expect(found).toMatchObject({ clusters: 6, method: "paired Student's t over documents", wins: 12 });
    // Twelve wins without a loss, but of three documents of six.
    expect(found.mcnemar_p).toBeLessThan(0.001);
    expect(found.outcome).toBe("same");
  });
});
