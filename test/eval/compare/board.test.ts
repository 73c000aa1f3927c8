import { describe, expect, it } from "vitest";
import { boardLines } from "../../../src/cli/output/board-lines.ts";
import { rising } from "../../../src/eval/benchmark.ts";
import { boardOf } from "../../../src/eval/compare/board.ts";
import { boardPage } from "../../../src/eval/compare/board-page.ts";
import { compareEntries } from "../../../src/eval/compare/compare-runs.ts";
import type { AskedBenchmark, Entry } from "../../../src/eval/compare/entry.ts";

const asking = { defaultLimit: 1, headline: { metric: "acc", name: "accuracy" }, metrics: rising("acc") };

/** A benchmark of 40 questions of which the first `right` are answered rightly. */
function asked(right: number, questions = "q"): AskedBenchmark {
  const items = Array.from({ length: 40 }, (_, i) => ({
    ...{ id: `${i}`, content: `${questions}${i}` },
    scores: [{ slice: "", metric: "acc", sum: i < right ? 1 : 0, weight: 1 }],
  }));
  return { asking, items, value: { value: right / 40, n: 40 } };
}

const entry = (name: string, ...benchmarks: [string, AskedBenchmark][]): Entry => ({
  ...{ name, path: `/${name}`, notes: [], cost: "" },
  asked: new Map(benchmarks),
});
const boardFor = (entries: readonly Entry[]) =>
  boardOf(
    entries.map(({ name }) => name),
    compareEntries(entries, { isEach: true, isResampled: false }),
  );

describe("a leaderboard", () => {
  const entries = [
    entry("weak", ["one", asked(4)], ["two", asked(30)]),
    entry("fine", ["one", asked(20)], ["two", asked(31)]),
    entry("fair", ["one", asked(18)], ["two", asked(32)]),
    entry("good", ["one", asked(36)], ["two", asked(10)]),
    entry("near", ["one", asked(34)], ["two", asked(11)]),
  ];

  it("gives models that cannot be told apart one rank, and orders by the mean of ranks", () => {
    const board = boardFor(entries);
    expect(board.models).toEqual([
      { name: "fine", mean_rank: 2 },
      { name: "fair", mean_rank: 2 },
      { name: "good", mean_rank: 2.5 },
      { name: "near", mean_rank: 2.5 },
      { name: "weak", mean_rank: 3 },
    ]);
    expect(board.benchmarks.map(({ cells }) => cells.map((cell) => [cell?.rank, cell?.is_tied]))).toEqual([
      [
        [3, true],
        [3, true],
        [1, true],
        [1, true],
        [5, undefined],
      ],
      [
        [1, true],
        [1, true],
        [4, true],
        [4, true],
        [1, true],
      ],
    ]);
    expect(board).toMatchObject({ comparisons: 20, ranked: ["one", "two"] });
  });

  it("ranks no model that was asked other questions, and no mean is over such a benchmark", () => {
    const board = boardFor([
      entry("a", ["one", asked(4)], ["two", asked(5)]),
      entry("b", ["one", asked(30)], ["two", asked(20)]),
      entry("c", ["one", asked(38, "others")], ["two", asked(19)]),
      entry("d", ["two", asked(20)]),
    ]);
    const [one] = board.benchmarks;
    const byName = board.models.map(({ name }, i) => [name, one!.cells[i]?.rank, one!.cells[i]?.value]);
    expect(byName.sort()).toEqual([
      ["a", 2, 0.1],
      ["b", 1, 0.75],
      ["c", undefined, 0.95],
      ["d", undefined, undefined],
    ]);
    expect(board.ranked).toEqual(["two"]);
    const lines = boardLines(board).join("\n");
    expect(lines).toMatch(/^c .*0\.9500 ≠ /m);
    expect(lines).toContain("Mean ranks are over two.");
  });

  it("as a page that runs no script and loads nothing", () => {
    const [first, ...others] = entries;
    const html = boardPage(boardFor([{ ...first!, name: "<script>weak" }, ...others]), ["a <note>"]);
    expect(html).toContain("script-src 'none'");
    expect(html).not.toMatch(/<script|\s(?:src|href)="|url\(|https?:|<note>/);
    expect(html).toContain("rank 3, shared");
  });
});
