import fc from "fast-check";
import { expect, test } from "vitest";
import type { BriefAnswer, BrowsedItem, SampleBook, WholeSample } from "../../../src/contracts/browse.ts";
import { toAscii } from "../../../tui/ascii.ts";
import { BrowserScreen, sightOf } from "../../../tui/browser/browser-screen.tsx";
import { atFirst, type Browsing, listOf } from "../../../tui/browser/browsing.ts";
import { plainTheme } from "../../../tui/theme.ts";
import { columnsOf, draw } from "../harness.tsx";

const answer = (score: number | null, more: Partial<BriefAnswer> = {}): BriefAnswer => ({
  ...{ score, isWrong: score !== null && score < 0.5, isFailed: false, isCut: false },
  ...more,
});

const items: BrowsedItem[] = Array.from({ length: 10_000 }, (_, i) => ({
  benchmark: i % 2 ? "long-qa" : "passkey",
  id: `doc-${i}`,
  tail: `Chapter ${i}. 日本語 Who gave the address?`,
  tokens: 300 * (i % 50),
  answers: [
    answer(i % 3 ? 0 : 1),
    i % 7 ? answer(0.5, { isCut: i % 5 === 0 }) : answer(null, { isFailed: true }),
  ],
  isChanged: i % 4 === 0,
  change: i % 3 ? 1 : -1,
}));

const whole: WholeSample = {
  prompt: `[document]\n\n${"All work and no play makes Jack a dull boy. ".repeat(200)}\n\nWho gave the address?`,
  document: "The State of the Union\u001b[2J",
  gold: "Woodrow Wilson",
  answers: [
    { prediction: "the the the of", scores: { f1: 0 }, tokens: 2048, isCut: true, tokensCut: 1500 },
    { prediction: "", scores: {}, tokens: 0, isCut: false, error: "expected memory, got none" },
  ],
};

const part = { done: 5000, total: 6000, failed: 700, cut: 100 };
const book: SampleBook = {
  title: "/home/me/runs/quickstart/eval",
  models: ["before", "after"],
  benchmarks: ["passkey", "long-qa"].map((name) => ({
    name,
    byModel: [{ ...part, score: { metric: "f1", better: "higher", value: 0.3, low: 0.2, high: 0.4 } }, part],
  })),
  items,
  refresh: async () => false,
  read: async () => whole,
  search: async () => new Set(),
};

function shown(
  browsing: Partial<Browsing>,
  columns: number,
  rows: number,
  from: readonly BrowsedItem[] = items,
) {
  const state = { ...atFirst, ...browsing };
  const list = listOf(from, state, null);
  const item = list[Math.min(state.at, list.length - 1)];
  const sample = item ? { item, whole } : null;
  return {
    book,
    title: "runs/quickstart/eval",
    browsing: state,
    list,
    isSearching: false,
    sample,
    columns,
    rows,
  };
}

const frame = (...args: Parameters<typeof shown>) =>
  draw(<BrowserScreen {...shown(...args)} theme={plainTheme} />, args[1]);

for (const [columns, rows] of [
  [60, 20],
  [80, 24],
  [200, 50],
] as const) {
  for (const view of ["list", "sample", "scores"] as const) {
    test(`the ${view} at ${columns} × ${rows}`, async () => {
      const drawn = frame({ view, at: 4, filter: view === "list" ? "changed" : "all" }, columns, rows);
      await expect(`${drawn}\n`).toMatchFileSnapshot(`../frames/browse-${view}-${columns}x${rows}.txt`);
      expect(drawn.split("\n").length).toBeLessThan(rows);
      expect(Math.max(...drawn.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    });
  }
}

test("the chosen one is in sight wherever it is, and its end can be scrolled to", () => {
  for (const at of [0, 5, 4321, 9999]) expect(frame({ at }, 80, 24)).toContain(`▸ `);
  expect(frame({ at: 9999 }, 80, 24)).toMatch(/▸ .*Chapter 9999\./);
  const { most, page } = sightOf(shown({ view: "sample" }, 80, 24));
  expect(page).toBe(15);
  expect(frame({ view: "sample", offset: most }, 80, 24)).toContain("Who gave the address?");
});

test("tokens that were cut, failures and control characters are shown as such", () => {
  const drawn = frame({ view: "sample" }, 200, 60);
  expect(drawn).toContain("before  f1 0 · 2,048 tokens · 1,500 cut");
  expect(drawn).toContain("after  failed");
  expect(drawn).toContain("expected memory, got none");
  expect(drawn).not.toContain("\u001b[2J");
});

test("a list of nothing says how to go on", () => {
  expect(frame({}, 80, 24, [])).toContain("no samples like these; Esc lists all");
});

test("no screen is as tall as the terminal or wider than it, and ASCII is as wide", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("list", "sample", "scores"),
      fc.record({
        isHelp: fc.boolean(),
        at: fc.nat(9999),
        offset: fc.nat(200),
        search: fc.constantFrom("", "日本"),
      }),
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 4, max: 60 }),
      (view, more, columns, rows) => {
        const drawn = frame({ view, ...more } as Partial<Browsing>, columns, rows, items.slice(0, 50));
        const lines = drawn.split("\n");
        expect(lines.length).toBeLessThan(rows);
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
        expect(toAscii(drawn)).toMatch(/^[\x20-\x7e\n]*$/);
      },
    ),
    { numRuns: 60 },
  );
});
